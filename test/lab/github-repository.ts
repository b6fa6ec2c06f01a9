import { REGISTRY } from '../../src/lab/topology.ts';
import { GITHUB_API_URL } from './github-api.ts';
import { pushToOrigin, type Words } from './github-runner.ts';
import type { Settings } from './github-types.ts';
import { B2_APP_KEY, CLUSTER_ENV, type Operator, SECRETS } from './operator.ts';

export const TOKEN = 'ghs-hunter2-never-shown';

/** The reference product's checkout becomes GitHub's; the action is where the CLI is. */
export async function setUpRepository(operator: Operator): Promise<void> {
  await operator.checkOut();
  await pushToOrigin(operator);
  const copy = 'rm -rf /opt/waggle/scripts && cp -r /home/operator/project/scripts /opt/waggle/scripts';
  await operator.machine.run(['sh', '-c', copy]);
}

/** What the reference product's repository has in its settings, and its runner set. */
export async function readSettings(operator: Operator): Promise<Settings> {
  const secret = (file: string) => SECRETS[file] ?? '';
  return {
    secrets: {
      DEPLOY_SSH_PRIVATE_KEY: await operator.sh('cat ~/.ssh/id_ed25519'),
      REGISTRY_TOKEN: REGISTRY.password,
      B2_APP_KEY,
      POSTGRES_PASSWORD: secret('postgres_password.txt'),
      SECRET_KEY: secret('secret_key.txt'),
      EMAIL_HOST_PASSWORD: secret('email_host_password.txt'),
      FCM_SERVER_KEY: secret('fcm_server_key.txt'),
      APNS_AUTH_KEY: secret('apns_auth_key.p8'),
    },
    vars: {
      ...CLUSTER_ENV,
      DEPLOY_SSH_HOST_KEY: await operator.sh(
        `awk '$1 == "[bastion.lab]:2201" { print $2, $3 }' ~/.ssh/known_hosts`,
      ),
      REGISTRY: REGISTRY.host,
      REGISTRY_NAMESPACE: 'shop',
      REGISTRY_USERNAME: REGISTRY.username,
      B2_ENDPOINT: 'https://s3.lab',
      B2_KEY_ID: 'lab-key',
      B2_BUCKET_NAME: 'lab-uploads',
    },
    github: {},
    env: { ...CLUSTER_ENV, GITHUB_API_URL },
  };
}

/** All that a deploy wants, as another repository's job has it for every step. */
export function jobVariables({ env, vars, secrets }: Settings): Words {
  const names = ['POSTGRES_PASSWORD', 'SECRET_KEY', 'EMAIL_HOST_PASSWORD', 'FCM_SERVER_KEY', 'APNS_AUTH_KEY'];
  const own = names.map((name) => [`WAGGLE_SECRET_${name}`, secrets[name] ?? '']);
  return { ...env, ...vars, ...Object.fromEntries(own), B2_APP_KEY: secrets.B2_APP_KEY ?? '' };
}

export const onTag = (settings: Settings, tag: string, sha: string): Settings => ({
  ...settings,
  github: { ref_type: 'tag', ref_name: tag, sha, token: TOKEN },
});

/** Started on the branch, by hand or by a push. */
export const onBranch = (
  settings: Settings,
  sha: string,
  inputs: NonNullable<Settings['inputs']> = {},
): Settings => ({
  ...settings,
  inputs,
  github: { ref_type: 'branch', ref_name: 'main', sha, token: TOKEN },
});
