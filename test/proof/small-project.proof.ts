// Proves: a compose file becomes a deploy folder that deploys, with secrets from each source.
import { armor, Encrypter, generateIdentity, identityToRecipient } from 'age-encryption';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { Output } from '../../src/lab/machine.ts';
import { REGISTRY } from '../../src/lab/topology.ts';
import { readContainer, readServices, runInTask } from '../lab/cluster.ts';
import { labUp } from '../lab/lab.ts';
import { Operator } from '../lab/operator.ts';
import { reset } from '../lab/reset.ts';

/**
 * A new user's small project, from its compose file to the Swarm: what `waggle init` writes is what is deployed,
 * and every source of secrets gives its value to a container.
 */
const lab = await labUp();
const operator = new Operator(lab);
const PROJECT = '/home/operator/small';
const IMAGE = `${REGISTRY.host}/library/redis:7`;

const COMPOSE = `name: small
services:
  web:
    image: ${IMAGE}
    command: redis-server
    restart: on-failure:5
    mem_limit: 64m
    cpus: 0.25
    pids_limit: 50
    shm_size: 32m
    tmpfs: /scratch:size=16m
    scale: 2
    depends_on: [cache]
    env_file: web.env
    label_file: web.labels
    environment: { GREETING: "hello \${WHO:-nobody}" }
    secrets: [from_file, from_age, from_command, from_environment]
    deploy: { endpoint_mode: dnsrr }
  cache:
    image: ${IMAGE}
    command: redis-server
    deploy: { endpoint_mode: dnsrr }
secrets:
  from_file: { file: ./token.txt }
  from_age: { file: ./age.txt }
  from_command: { file: ./command.txt }
  from_environment: { file: ./environment.txt }
`;

const VALUES = {
  from_file: 'file-hunter2',
  from_age: 'age-hunter2 ünïcödé',
  from_command: 'command-hunter2 $HOME `id`',
  from_environment: 'environment-hunter2 \'"#',
};

const said: Output[] = [];
let ageKey = '';

async function waggle(argv: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Output> {
  const output = await operator.waggle(argv, {
    cwd: PROJECT,
    env: {
      DEPLOY_TAG: 'v1',
      WAGGLE_AGE_KEY: ageKey,
      WAGGLE_SECRET_FROM_ENVIRONMENT: VALUES.from_environment,
      ...env,
    },
  });
  said.push(output);
  return output;
}

const write = (path: string, text: string) =>
  lab.workstation.writeFile(`${PROJECT}/${path}`, text, { mode: '600', owner: 'operator:operator' });

beforeAll(async () => {
  await reset(lab);
  await lab.workstation.run(['rm', '-rf', PROJECT]);
  await lab.workstation.run(['install', '-d', '-o', 'operator', '-g', 'operator', PROJECT]);
  await write('compose.yml', COMPOSE);
  await write('web.env', 'FROM_FILE="two\\nlines"\nPRICE=5 # euros\n');
  await write('web.labels', 'team=web\n');
});

afterEach(() => {
  const all = said.map(({ stdout, stderr }) => stdout + stderr).join();
  for (const value of ['hunter2', REGISTRY.password, 'AGE-SECRET-KEY'])
    expect(all.includes(value), `${value} in the output`).toBe(false);
});

afterAll(async () => {
  await lab.workstation.run(['rm', '-rf', PROJECT]);
  await reset(lab);
});

test('init makes a deploy folder of the compose file, and deploy tells what to fill in', async () => {
  const made = await waggle(['init']);
  expect(made.code, made.stderr).toBe(0);
  expect(made.stdout).toContain('wrote deploy/stack.yml');
  expect(made.stdout).toMatch(/fill in .*deploy\/cluster\.env.*deploy\/secrets\/from_file\.txt/);
  const first = await waggle(['deploy']);
  expect(first.stderr).toContain('DEPLOY_MANAGER_HOST must not be empty');
  expect(first.stderr).toContain('deploy/secrets/from_file.txt: still holds the text of its .example');
  expect(await readServices(lab)).toEqual([]);
});

test('once filled in, it deploys: each source of secrets reaches the container', async () => {
  ageKey = await generateIdentity();
  const encrypter = new Encrypter();
  encrypter.addRecipient(await identityToRecipient(ageKey));
  await write('deploy/secrets/from_age.txt.age', armor.encode(await encrypter.encrypt(VALUES.from_age)));
  await write('deploy/secrets/from_file.txt', VALUES.from_file);
  await write('vault.txt', VALUES.from_command);
  await write('deploy/secret-commands.yml', 'from_command: [cat, vault.txt]\n');
  await lab.workstation.run([
    'rm',
    ...['from_age', 'from_command'].map((name) => `${PROJECT}/deploy/secrets/${name}.txt`),
  ]);
  await write(
    'deploy/cluster.env',
    'DEPLOY_MANAGER_HOST=bastion.lab\nDEPLOY_MANAGER_USER=deploy\nDEPLOY_MANAGER_SSH_PORT=2201\nSTACK_NAME=small\n',
  );
  await write(
    'deploy/registry.env',
    `REGISTRY=${REGISTRY.host}\nREGISTRY_NAMESPACE=small\nREGISTRY_USERNAME=${REGISTRY.username}\nREGISTRY_TOKEN=${REGISTRY.password}\n`,
  );
  await write('deploy/prod.env', 'WHO=world\n');
  const { code, stderr } = await waggle(['deploy']);
  expect(code, stderr).toBe(0);
  for (const [name, value] of Object.entries(VALUES))
    expect(await runInTask(lab, 'small_web', ['cat', `/run/secrets/${name}`]), name).toBe(value);
});

test("compose's keys mean in the container what they mean to compose, and env files what they mean to Docker", async () => {
  const read = (script: string) => runInTask(lab, 'small_web', ['sh', '-c', script]);
  expect(await read('printf %s "$GREETING|$FROM_FILE|$PRICE"')).toBe('hello world|"two\\nlines"|5 # euros');
  expect(await read('df -k /scratch /dev/shm | awk "NR>1 {print \\$2, \\$6}"')).toBe(
    '16384 /scratch\n32768 /dev/shm\n',
  );
  const { Config, HostConfig } = await readContainer(lab, 'small_web');
  expect(Config.Labels.team).toBe('web');
  expect(HostConfig).toMatchObject({ Memory: 64 * 2 ** 20, NanoCpus: 0.25e9, PidsLimit: 50 });
  const web = (await readServices(lab)).find(({ Spec }) => Spec.Name === 'small_web')?.Spec;
  expect(web?.Mode).toEqual({ Replicated: { Replicas: 2 } });
  expect(web?.TaskTemplate.RestartPolicy).toMatchObject({ Condition: 'on-failure', MaxAttempts: 5 });
});

test('nothing changed, so nothing restarts, whatever the source; a new value of one rotates that one', async () => {
  const plan = await waggle(['plan', '--detailed-exitcode']);
  expect(plan.code, plan.stdout + plan.stderr).toBe(0);
  const rotated = await waggle(['plan', '--json'], { WAGGLE_SECRET_FROM_ENVIRONMENT: 'another-hunter2' });
  const { objects } = JSON.parse(rotated.stdout) as { objects: { key: string; action: string }[] };
  expect(objects.filter(({ action }) => action !== 'reuse').map(({ key }) => key)).toEqual([
    'from_environment',
  ]);
});
