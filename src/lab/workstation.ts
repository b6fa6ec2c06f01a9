import pRetry from 'p-retry';
import { pipe, until } from './engine.ts';
import type { Images } from './images.ts';
import { engineReady } from './swarm.ts';
import { type Lab, REGISTRY, STAND_INS } from './topology.ts';

/** The product's base image for both platforms; the stand-ins for images that cannot be pulled. */
const NODE_IMAGE = [
  'FROM standin AS root-amd64',
  'FROM scratch AS root-arm64',
  'ADD node-arm64.tar /',
  'ARG TARGETARCH=amd64',
  'FROM root-${TARGETARCH}',
].join('\n');

export async function readyWorkstation(lab: Lab, images: Images): Promise<void> {
  await Promise.all([trustBothWays(lab), loadImages(lab, images)]);
}

/** Each operator's key known to every host; every host's key known to each operator. */
async function trustBothWays({ workstation, laptop, managers, bastion }: Lab): Promise<void> {
  const operators = [workstation, laptop];
  const keygen =
    'mkdir -p -m 700 ~/.ssh && ssh-keygen -q -t ed25519 -N "" -f ~/.ssh/id_ed25519 && cat ~/.ssh/id_ed25519.pub';
  const own = await Promise.all(
    operators.map((machine) => machine.run(['sh', '-c', keygen], { user: 'operator' })),
  );
  const hosts = [bastion, ...managers];
  await Promise.all(
    hosts.map(async (host) => {
      await host.run([
        'sh',
        '-c',
        'chown deploy:deploy /home/deploy && install -d -m 700 -o deploy -g deploy /home/deploy/.ssh',
      ]);
      await host.writeFile('/home/deploy/.ssh/authorized_keys', `${own.join('\n')}\n`, {
        mode: '600',
        owner: 'deploy:deploy',
      });
    }),
  );
  const keys = await Promise.all(hosts.map((host) => host.run(['cat', '/etc/ssh/ssh_host_ed25519_key.pub'])));
  const names = ['bastion.lab', '[bastion.lab]:2201', '[bastion.lab]:2202', '[bastion.lab]:2203'];
  const known = keys.map((hostKey, index) => `${names[index]} ${hostKey}\n`).join('');
  const toOperator = { mode: '600', owner: 'operator:operator' };
  await Promise.all(
    operators.map((machine) => machine.writeFile('/home/operator/.ssh/known_hosts', known, toOperator)),
  );
}

async function loadImages(lab: Lab, { standIn, arm64 }: Images): Promise<void> {
  const { workstation } = lab;
  await engineReady(workstation);
  await pipe(lab.engine, `docker save ${standIn} | docker exec -i ${workstation.container} docker load`);
  await workstation.run(['docker', 'tag', standIn, 'standin']);
  await Promise.all([buildNodeImage(lab, arm64), pushStandIns(lab, standIn)]);
}

async function buildNodeImage({ workstation, engine }: Lab, arm64: string): Promise<void> {
  const unpack = `docker run --rm ${arm64} tar -c -C /arm64 .`;
  await pipe(engine, `${unpack} | docker exec -i ${workstation.container} sh -c 'cat >/lab/node-arm64.tar'`);
  const build = [
    'docker',
    'buildx',
    'build',
    '--quiet',
    '--platform',
    'linux/amd64,linux/arm64',
    '--tag',
    'node:20-slim',
  ];
  await workstation.run([...build, '--provenance=false', '--file', '-', '/lab'], { input: NODE_IMAGE });
}

/** The same image under other names: its layers go over the wire once. */
async function pushStandIns({ workstation, registry }: Lab, standIn: string): Promise<void> {
  const { host, username, password } = REGISTRY;
  await until(
    'the registry answers',
    async () => (await registry.exec(['curl', '-s', 'http://127.0.0.1:5001'])).code === 0,
  );
  await workstation.run(['docker', 'login', host, '--username', username, '--password-stdin'], {
    input: password,
  });
  for (const name of STAND_INS) {
    await workstation.run(['docker', 'tag', standIn, `${host}/${name}`]);
    // A registry may hang up on a push at any time; so does this one, about once in a hundred labs.
    const push = () => workstation.run(['docker', 'push', '--quiet', `${host}/${name}`]);
    await pRetry(push, { retries: 2, minTimeout: 0 });
  }
  await workstation.run(['docker', 'logout', host]);
}
