// Proves: builds as operators set them up: caches, secrets, remote builders, two platforms, registries that fail for a while.
import { createHash } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { until } from '../../src/lab/engine.ts';
import type { Output } from '../../src/lab/machine.ts';
import { hasQuorum } from '../../src/lab/swarm.ts';
import { REGISTRY } from '../../src/lab/topology.ts';
import { FAILURES } from '../../src/shared/errors.ts';
import { findResidue, readImages, readRollout, readSecretNames, runInTask } from '../lab/cluster.ts';
import { failRegistry, healRegistry, pretendMachine } from '../lab/faults.ts';
import { labUp } from '../lab/lab.ts';
import { Operator } from '../lab/operator.ts';
import { digestOf, platformsOf, tagsOf } from '../lab/registry.ts';
import { reset } from '../lab/reset.ts';

/** How images are built and get to the nodes, by an image that is built in seconds. */
const lab = await labUp();
const [m1, , m3] = lab.managers;
const operator = new Operator(lab);
const FOLDER = 'deploy/built';
const BASE = `${REGISTRY.host}/library/redis:7`;
/** A value that findResidue looks for. */
const NPM_TOKEN = 'key-hunter2-never-shown';
let tag = 0;

async function setUp(): Promise<void> {
  await operator.sh(`mkdir -p ${FOLDER}/secrets ${FOLDER}/app && cp deploy/registry.env ${FOLDER}/`);
  await operator.fillIn('built/cluster.env', {
    DEPLOY_MANAGER_HOST: 'bastion.lab',
    DEPLOY_MANAGER_USER: 'deploy',
    DEPLOY_MANAGER_SSH_PORT: '2201',
    STACK_NAME: 'built',
    DEPLOY_TIMEOUT: '240',
  });
  await operator.fillIn('built/prod.env', {});
  await operator.write(`${FOLDER}/secrets/npm_token.txt`, NPM_TOKEN);
}

const stack = ({ build = '', deploy = '' }: { build?: string; deploy?: string }) => `
services:
  app:
    image: ${REGISTRY.host}/built/app
    build: { context: app, secrets: [npm_token], ${build} }
    command: [redis-server]
    deploy: { endpoint_mode: dnsrr, update_config: { monitor: 1s }, ${deploy} }
secrets: { npm_token: { file: secrets/npm_token.txt } }
`;

/** A stamp tells two builds from each other: unless it was in a cache, the digest is another. */
const DOCKERFILE = `
FROM ${BASE}
COPY version /version
RUN --mount=type=secret,id=npm_token sha256sum /run/secrets/npm_token >/seen && cat /proc/sys/kernel/random/uuid >/stamp
`;

/** What the agent says when it is asked for its keys (RFC draft-ietf-sshm-ssh-agent, 4.4): the first one's blob. */
const ASK_AGENT = `
const socket = require("net").connect(process.env.SSH_AUTH_SOCK);
let said = Buffer.alloc(0);
socket.on("data", (part) => {
  said = Buffer.concat([said, part]);
  if (said.length < 4 + said.readUInt32BE(0)) return;
  console.log(said.subarray(13, 13 + said.readUInt32BE(9)).toString("base64"));
  socket.end();
});
socket.write(Buffer.from([0, 0, 0, 1, 11]));
`.replaceAll('\n', ' ');

interface Project {
  readonly build?: string;
  readonly deploy?: string;
  readonly dockerfile?: string;
}

async function deploy(
  project: Project = {},
  env: Record<string, string> = {},
  onOutput: (text: string) => void = () => {},
): Promise<Output> {
  tag++;
  await operator.write(`${FOLDER}/stack.yml`, stack(project));
  await operator.write(`${FOLDER}/app/Dockerfile`, project.dockerfile ?? DOCKERFILE);
  await operator.write(`${FOLDER}/app/version`, String(tag));
  await operator.commit(`image ${tag}`);
  return operator.waggle(['deploy', '--env', 'built'], { env: { DEPLOY_TAG: `v${tag}`, ...env }, onOutput });
}

async function deployAgain(env: Record<string, string> = {}): Promise<Output> {
  return operator.waggle(['deploy', '--env', 'built'], { env: { DEPLOY_TAG: `v${tag}`, ...env } });
}

beforeAll(async () => {
  await reset(lab);
  await operator.checkOut();
  await setUp();
});
afterAll(() => reset(lab));
afterEach(async () => expect(await findResidue(lab), 'credentials left behind').toEqual([]));

describe('an image', () => {
  test('is built with a secret that neither it, nor the cluster, nor the output holds', async () => {
    const { code, stdout, stderr } = await deploy();
    expect(code, stderr).toBe(0);
    const seen = await runInTask(lab, 'built_app', ['cat', '/seen']);
    expect(seen).toContain(createHash('sha256').update(NPM_TOKEN).digest('hex'));
    expect(await readSecretNames(lab)).toEqual([]);
    const image = `${REGISTRY.host}/built/app:v${tag}`;
    const history = await operator.sh(`docker history --no-trunc ${image} && docker inspect ${image}`);
    expect(`${stdout}${stderr}${history}`).not.toContain('hunter2');
  });

  test('is on every node that may run it before a task is replaced', async () => {
    const { code, stdout, stderr } = await deploy({ deploy: 'replicas: 1' });
    expect(code, stderr).toBe(0);
    const image = `${REGISTRY.host}/built/app:v${tag}@${await digestOf(lab, 'built/app', `v${tag}`)}`;
    for (const manager of lab.managers)
      expect((await manager.exec(['docker', 'image', 'inspect', image])).code, manager.name).toBe(0);
    expect(stdout).toContain(`${image} on 3 nodes`);
    expect(Object.keys(await readImages(lab))).toEqual(['built_app']);
    const again = await deployAgain({ SKIP_BUILD: '1' });
    expect(again.code, again.stderr).toBe(0);
    expect(again.stdout).not.toContain('on 3 nodes');
  });

  test('is built with the ssh agent of whoever builds, and not without one', async () => {
    const project = {
      build: 'ssh: [default]',
      dockerfile: `FROM ${BASE}\nCOPY version /version\nRUN --mount=type=ssh node -e '${ASK_AGENT}' >/key\n`,
    };
    const without = await deploy(project);
    expect(without.code, without.stderr).toBe(FAILURES.BUILD_FAILED);
    expect(without.stderr).toContain('make sure SSH_AUTH_SOCK is set');
    const folder = '/tmp/agent-of-builds';
    const key = await operator.sh(
      `mkdir ${folder} && ssh-keygen -q -t ed25519 -N "" -f ${folder}/key && ssh-agent -a ${folder}/socket >${folder}/env && SSH_AUTH_SOCK=${folder}/socket ssh-add -q ${folder}/key && cut -d" " -f2 ${folder}/key.pub`,
    );
    try {
      const { code, stderr } = await deploy(project, { SSH_AUTH_SOCK: `${folder}/socket` });
      expect(code, stderr).toBe(0);
      expect(await runInTask(lab, 'built_app', ['cat', '/key'])).toContain(key);
    } finally {
      await operator.sh(`. ${folder}/env >/dev/null && kill $SSH_AGENT_PID; rm -rf ${folder}`);
    }
  });

  test('that does not come to an end is given up after BUILD_TIMEOUT', async () => {
    const before = await readRollout(lab);
    const dockerfile = `FROM ${BASE}\nCOPY version /version\nRUN sleep 3599\n`;
    const { code, stderr } = await deploy({ dockerfile }, { BUILD_TIMEOUT: '5' });
    expect(code, stderr).toBe(FAILURES.BUILD_FAILED);
    expect(stderr).toContain('docker buildx bake did not end within 5 s');
    await until('the builder has ended it, too', async () => {
      const { code: isThere } = await lab.workstation.exec(['pgrep', '-f', '^sleep 3599']);
      return isThere !== 0;
    });
    expect(await readRollout(lab)).toEqual(before);
  });

  test("begins with another's, whose registry the user's own credential helper has the login of", async () => {
    const docker = '/home/operator/own-docker';
    const login = JSON.stringify({ ServerURL: 'x', Username: REGISTRY.username, Secret: REGISTRY.password });
    const helper = `#!/bin/sh\n[ "$1" = get ] && [ "$(cat)" = mirror.lab:5000 ] && echo '${login}'\n`;
    const { workstation } = lab;
    await workstation.run([
      'sh',
      '-c',
      'echo "$(getent hosts registry.lab | cut -d" " -f1) mirror.lab" >>/etc/hosts; cp -r /etc/docker/certs.d/registry.lab:5000 /etc/docker/certs.d/mirror.lab:5000',
    ]);
    await workstation.writeFile('/usr/local/bin/docker-credential-lab', helper, { mode: '755' });
    const owner = 'operator:operator';
    await operator.sh(`mkdir ${docker}`);
    const setConfig = (config: object) =>
      workstation.writeFile(`${docker}/config.json`, JSON.stringify(config), { owner });
    const project = { dockerfile: DOCKERFILE.replace(BASE, 'mirror.lab:5000/library/redis:7') };
    try {
      await setConfig({});
      const without = await deploy(project, { DOCKER_CONFIG: docker });
      expect(without.code, without.stderr).toBe(FAILURES.BUILD_FAILED);
      await setConfig({ credHelpers: { 'mirror.lab:5000': 'lab' } });
      const { code, stderr } = await deploy(project, { DOCKER_CONFIG: docker });
      expect(code, stderr).toBe(0);
      // As ecr-login, it lists nothing and stores nothing: Docker asks it for each registry.
      await setConfig({ credsStore: 'lab' });
      const again = await deploy(project, { DOCKER_CONFIG: docker });
      expect(again.code, again.stderr).toBe(0);
      expect(await workstation.run(['cat', `${docker}/config.json`])).not.toContain('auths');
    } finally {
      await workstation.run(['rm', '-rf', docker, '/usr/local/bin/docker-credential-lab']);
    }
  });

  test('is of what git has: a submodule at the commit that the tree names, modes whatever the umask', async () => {
    const dockerfile = `FROM ${BASE}\nCOPY . /src\n`;
    const git = 'git -c user.name=a -c user.email=a@b -c protocol.file.allow=always';
    const lib = '/tmp/lib';
    await operator.sh(
      `rm -rf ${lib} && git init -q ${lib} && cd ${lib} && echo pinned >code && ${git} add -A && ${git} commit -qm 1`,
    );
    await operator.sh(
      `cd ${FOLDER}/app && printf '#!/bin/sh\\n' >run && chmod 700 run && ${git} submodule --quiet add ${lib} lib`,
    );
    const said = await deploy({ dockerfile });
    expect(said.code, said.stderr).toBe(0);
    const digest = await digestOf(lab, 'built/app', `v${tag}`);
    expect(await runInTask(lab, 'built_app', ['cat', '/src/lib/code'])).toContain('pinned');
    expect(await runInTask(lab, 'built_app', ['stat', '-c', '%a', '/src/run', '/src/lib'])).toBe(
      '755\n755\n',
    );
    for (const umask of ['002', '077']) {
      const again = await operator.sh(
        `umask ${umask}; WAGGLE_VERBOSE=1 DEPLOY_TAG=v${tag} waggle build --env built 2>&1`,
      );
      expect(again, umask).toContain(digest);
    }
    await operator.sh(`${git} submodule --quiet deinit --force ${FOLDER}/app/lib && rm -rf .git/modules`);
    const refused = await deploy({ dockerfile });
    expect(refused.code, refused.stderr).toBe(FAILURES.PREFLIGHT_FAILED);
    expect(refused.stderr).toContain(`the submodule ${FOLDER}/app/lib at commit`);
    await operator.sh(`${git} rm -qf ${FOLDER}/app/lib ${FOLDER}/app/run && rm -rf ${lib}`);
  });

  test('whose context no commit has touched keeps its reference and its tasks', async () => {
    const first = await deploy();
    expect(first.code, first.stderr).toBe(0);
    const readTasks = () => m1.run(['docker', 'service', 'ps', '--quiet', '--no-trunc', 'built_app']);
    const [tasks, rollout] = [await readTasks(), await readRollout(lab)];
    await operator.write('README.md', 'other words');
    await operator.commit('words');
    const env = { DEPLOY_TAG: `words${tag}` };
    const again = await operator.waggle(['deploy', '--env', 'built'], { env });
    expect(again.code, again.stderr).toBe(0);
    expect(await readTasks()).toBe(tasks);
    expect((await readRollout(lab)).specs).toEqual(rollout.specs);
    const status = await operator.waggle(['status', '--env', 'built'], { env });
    expect(status.stdout).not.toContain('by hand');
    const plan = await operator.waggle(['plan', '--env', 'built', '--detailed-exitcode', '--skip-build'], {
      env,
    });
    expect(plan.code, plan.stdout).toBe(0);
  });

  test('is the same after its cache in the registry filled an empty one', async () => {
    const cache = `type=registry,ref=${REGISTRY.host}/built/cache`;
    const build = `cache_to: ["${cache},mode=max"], cache_from: ["${cache}"]`;
    expect((await deploy({ build })).code).toBe(0);
    expect(await tagsOf(lab, 'built/cache')).toEqual(['latest']);
    const digest = await digestOf(lab, 'built/app', `v${tag}`);
    const prune = () => operator.sh('docker buildx prune --all --force');
    await prune();
    const { code, stderr } = await deployAgain();
    expect(code, stderr).toBe(0);
    expect(await digestOf(lab, 'built/app', `v${tag}`)).toBe(digest);
    // Without it the stamp is another, and so is the digest: the check above can fail.
    await prune();
    expect((await deploy()).code).toBe(0);
    expect(await digestOf(lab, 'built/app', `v${tag}`)).not.toBe(digest);
  });
});

describe('another engine', () => {
  const REMOTE = 'ssh://deploy@bastion.lab:2201';

  test('builds as BUILD_REMOTE', async () => {
    const cached = () => m1.run(['docker', 'buildx', 'du']);
    await m1.run(['docker', 'buildx', 'prune', '--all', '--force']);
    const before = await cached();
    const { code, stderr } = await deploy({}, { BUILD_REMOTE: REMOTE });
    expect(code, stderr).toBe(0);
    expect(await cached()).not.toBe(before);
    expect(await runInTask(lab, 'built_app', ['cat', '/version'])).toBe(String(tag));
  });

  test('that is not reached is found before anything is built', async () => {
    const { code, stdout, stderr } = await deploy({}, { BUILD_REMOTE: 'ssh://deploy@nowhere.lab' });
    expect(code, stderr).toBe(FAILURES.PREFLIGHT_FAILED);
    expect(stderr).toContain('ssh://deploy@nowhere.lab cannot build images');
    expect(stderr).toContain('Could not resolve hostname nowhere.lab');
    expect(stdout).not.toContain('> build and push images');
  });

  test('that is a context is no builder, nor is one that is not there; a builder is', async () => {
    await operator.sh(`docker context create far --docker host=${REMOTE} >/dev/null`);
    const context = await deploy({}, { BUILD_BUILDER: 'far' });
    await operator.sh('docker context rm far >/dev/null && rm -rf ~/.docker');
    expect(context.code, context.stderr).toBe(FAILURES.PREFLIGHT_FAILED);
    expect(context.stderr).toContain('far is a context and no builder');
    const unknown = await deployAgain({ BUILD_BUILDER: 'unknown' });
    expect(unknown.stderr).toContain('no builder "unknown" found');
    const { code, stderr } = await deployAgain({ BUILD_BUILDER: 'default' });
    expect(code, stderr).toBe(0);
  });
});

describe('a registry', () => {
  afterEach(() => healRegistry(lab));

  test.each(['busy', 'errors'] as const)('that is %s for a moment is asked again', async (how) => {
    expect((await deploy()).code).toBe(0);
    await failRegistry(lab, how, 3);
    const { code, stderr } = await operator.waggle(['plan', '--env', 'built'], {
      env: { DEPLOY_TAG: `v${tag}`, SKIP_BUILD: '1' },
    });
    expect(code, stderr).toBe(0);
    expect((await lab.registry.exec(['test', '-e', '/run/registry-fault'])).code, 'requests failed').toBe(1);
  });

  test('that hangs up in the middle of a push is pushed to again', async () => {
    await failRegistry(lab, 'hang-up');
    let healing: Promise<void> | undefined;
    const { code, stderr } = await deploy({}, {}, (text) => {
      if (text.includes('the registry hung up, or is busy: building and pushing again'))
        healing ??= healRegistry(lab);
    });
    expect(code, stderr).toBe(0);
    expect(healing, 'it was said').toBeDefined();
  });

  test('that hangs up again and again fails the build, and nothing was changed', async () => {
    const before = await readRollout(lab);
    await failRegistry(lab, 'hang-up');
    const { code, stderr } = await deploy();
    expect(code, stderr).toBe(FAILURES.BUILD_FAILED);
    expect(stderr).toContain(': EOF');
    expect(await readRollout(lab)).toEqual(before);
  });

  test('that refuses is not asked again', async () => {
    await failRegistry(lab, 'refuse', 6);
    const { code, stderr } = await operator.waggle(['plan', '--env', 'built'], {
      env: { DEPLOY_TAG: `v${tag}`, SKIP_BUILD: '1' },
    });
    expect(code, stderr).toBe(FAILURES.REGISTRY_REFUSED);
    expect((await lab.registry.exec(['test', '-e', '/run/registry-fault'])).code, 'requests left').toBe(0);
  });
});

/** m3 reports aarch64, as an engine on a Raspberry Pi does; its programs are this machine's all the same. */
describe('a cluster of two platforms', () => {
  const managersHealthy = () => until('three managers are ready', () => hasQuorum(m1));
  beforeAll(async () => {
    await pretendMachine(m3, 'aarch64');
    await managersHealthy();
  });
  afterAll(async () => {
    await pretendMachine(m3, undefined);
    await managersHealthy();
  });
  const dockerfile = DOCKERFILE.replace('FROM', 'FROM --platform=linux/amd64');
  const ONE_EACH = 'replicas: 3, placement: { max_replicas_per_node: 1 }';

  test('gets images for both, and runs them on every node', async () => {
    const { code, stderr } = await deploy({ dockerfile, deploy: ONE_EACH });
    expect(code, stderr).toBe(0);
    expect(await platformsOf(lab, 'built/app', `v${tag}`)).toEqual(['linux/amd64', 'linux/arm64']);
    expect((await readImages(lab)).built_app).toHaveLength(3);
  });

  test('gets an image for those nodes only that the service may land on', async () => {
    const onM1 = 'placement: { constraints: [node.hostname == m1] }';
    expect((await deploy({ deploy: onM1 })).code).toBe(0);
    const digest = await digestOf(lab, 'built/app', `v${tag}`);
    const { stdout } = await operator.waggle(['plan', '--env', 'built', '--json'], {
      env: { DEPLOY_TAG: `v${tag}`, SKIP_BUILD: '1' },
    });
    expect(JSON.parse(stdout).digests).toEqual({ [`${REGISTRY.host}/built/app:v${tag}`]: digest });
    // The very tag, deployed to run on every node: m3 has no image of it.
    await operator.write(`${FOLDER}/stack.yml`, stack({ deploy: ONE_EACH }));
    const refused = await deployAgain({ SKIP_BUILD: '1' });
    expect(refused.code, refused.stderr).toBe(FAILURES.PREFLIGHT_FAILED);
    expect(refused.stderr).toMatch(/m3.*linux\/arm64/);
  });
});
