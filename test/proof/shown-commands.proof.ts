// Proves: what README.md and DEPLOYING.md tell people to type works on a project as they would have it.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { until } from '../../src/lab/engine.ts';
import { PROJECT, registrySettings } from '../../src/lab/move-in.ts';
import { MANAGER, REGISTRY } from '../../src/lab/topology.ts';
import { FAILURES } from '../../src/shared/errors.ts';
import { labUp } from '../lab/lab.ts';
import { NODES, Operator } from '../lab/operator.ts';
import { reset } from '../lab/reset.ts';
import { shown } from '../lab/shown.ts';

/** What README.md and DEPLOYING.md tell people to type, typed, on a project as they would have it. */
const lab = await labUp();
const [m1] = lab.managers;
const operator = new Operator(lab);

const COMPOSE = `name: night
services:
  api: &node
    build: .
    command: [node, dist/server.js]
    secrets: [db_password]
    deploy: { replicas: 2, endpoint_mode: dnsrr, update_config: { parallelism: 0, monitor: 1s } }
  worker: *node
  redis:
    image: ${REGISTRY.host}/library/redis:7
    command: [redis-server]
    deploy: { endpoint_mode: dnsrr, update_config: { monitor: 1s } }
  dozzle:
    image: ${REGISTRY.host}/library/dozzle:8
    command: [node, /usr/share/dozzle.mjs]
    environment: { DOZZLE_ADDR: "127.0.0.1:9999" }
    networks: [node]
    deploy: { update_config: { monitor: 1s } }
networks: { node: { external: true, name: host } }
secrets: { db_password: { file: ./db_password.txt } }
`;

const FILES = {
  'other.yml': COMPOSE,
  Dockerfile: 'FROM node:20-slim\nWORKDIR /app\nCOPY dist dist\n',
  'dist/server.js':
    "console.log('it serves'); process.on('SIGTERM', () => process.exit()); setInterval(() => {}, 1e6);",
  'dist/migrate.js': "console.log('it migrates');",
};

beforeAll(async () => {
  await reset(lab);
  await operator.machine.run(['install', '-d', '-o', 'operator', '-g', 'operator', PROJECT]);
  await operator.machine.writeFile('/home/operator/.ssh/config', NODES, { mode: '600', owner: 'operator' });
});
afterAll(async () => {
  await operator.sh('rm -rf ~/.ssh/config ~/new');
  await reset(lab);
});

/** stdout and stderr of a command as the documents show it, with names of here. */
async function run(command: string, here?: Readonly<Record<string, string>>, code = 0): Promise<string> {
  const argv = ['bash', '-c', shown(command, here)];
  const output = await lab.workstation.exec(argv, { user: 'operator', cwd: PROJECT });
  expect(output.code, `${command}: ${output.stdout}${output.stderr}`).toBe(code);
  return output.stdout + output.stderr;
}

const onManager = (command: string, here?: Readonly<Record<string, string>>) =>
  m1.run(['sh', '-c', shown(command, here)]);

describe('a new project', () => {
  test('gets its deploy folder, and is told what to fill in', async () => {
    await operator.sh('mkdir ~/new');
    expect(await run('waggle init', { waggle: 'cd ~/new && waggle' })).toContain('wrote deploy/stack.yml');
    await operator.sh(
      `mkdir ~/two && cd ~/two && echo 'services: { a: { image: "a:1" } }' | tee base.yml >prod.yml`,
    );
    const inTwo = { waggle: 'cd ~/two && waggle' };
    expect(await run('waggle init base.yml prod.yml', inTwo)).toContain('wrote deploy/prod.yml');
    expect(await run('waggle init --env staging', inTwo)).toContain('wrote deploy/staging/cluster.env');
    for (const [file, text] of Object.entries(FILES)) await operator.write(file, text);
    await lab.workstation.run(['sh', '-c', `cd ${PROJECT} && chown -R operator . && chmod -R a+rX dist`]);
    expect(await run('waggle init other.yml')).toContain('wrote deploy/stack.yml');
    await operator.sh(
      'git init -q && git config user.email o@lab && git config user.name o && git add -A && git commit -qm init',
    );
    expect(await run('waggle deploy', {}, FAILURES.CONFIG_INVALID)).toContain(
      'DEPLOY_MANAGER_HOST must not be empty',
    );
    await operator.fillIn('cluster.env', { ...MANAGER, STACK_NAME: 'night' });
    await operator.fillIn('registry.env', registrySettings('night'));
    await operator.write('deploy/secrets/db_password.txt', 'db-hunter2-never-shown');
  });

  test('is looked at before anything is changed', async () => {
    expect(await run('waggle deploy --dry-run')).toMatch(/^ {2}steps$/m);
    expect(await run('waggle plan')).toContain('+ api');
    expect(await run('waggle plan --detailed-exitcode', {}, 2)).toContain('+ api');
    expect(await run('waggle config')).toMatch(/^ {4}image: \S+\/api:\w+$/m);
    expect(await run('waggle config --show-values')).toContain('command:');
    expect(await run('waggle doctor')).toContain('ok   registry');
    expect(await run('waggle deploy --help')).toContain('usage: waggle deploy [plan.json]');
    expect(await run('waggle help')).toContain('rollback');
    expect(await run('source <(waggle completion bash)', {})).toBe('');
  });

  test('is built, and deployed', async () => {
    expect(await run('waggle build')).toContain('api');
    const tag = await operator.sh('git rev-parse --short HEAD');
    expect(await run('waggle deploy --skip-build --tag 1a2b3c4', { '1a2b3c4': tag })).toContain(
      'this is release r1',
    );
  });
});

describe('daily work', () => {
  test('each change is a release', async () => {
    expect(await run('waggle scale api=5 worker=2')).toContain('this is release r2');
    expect(await run('waggle restart api')).toContain('this is release r3');
    await operator.write('deploy/secrets/db_password.txt', 'another-hunter2-never-shown');
    expect(await run('waggle secrets rotate db_password')).toContain('this is release r4');
    expect(await run('waggle scale redis=0')).toContain('this is release r5');
    expect(await run('waggle scale redis=1')).toContain('this is release r6');
  });

  test('what runs, what it says, and a program in it', async () => {
    expect(await run('waggle status')).toContain('night: r6');
    expect(await run('waggle secrets ls')).toContain('db_password');
    expect(await run('waggle logs api worker')).toContain('it serves');
    expect(await run('waggle exec api --raw -- sh', { sh: 'hostname' })).toMatch(/^\w{12}$/m);
    expect(await run('waggle run api -- node dist/migrate.js')).toContain('it migrates');
    let said = '';
    const command = shown('waggle logs api --follow').split(' ').slice(1);
    const following = operator.startWaggle(command, { onOutput: (text) => (said += text) });
    await until('it speaks', async () => said.includes('it serves'));
    await following.kill('SIGINT');
    expect((await following.output).code).toBe(0);
  });

  test('the log viewer is on the loopback of its manager', async () => {
    const tasks = await onManager('docker service ps <stack>_dozzle', { '<stack>': 'night' });
    const [, node = ''] = / (m\d) +Running/.exec(tasks) ?? [];
    const tunnel = shown('ssh -L 9999:127.0.0.1:9999 deploy@that-manager', { 'that-manager': node });
    const page = await operator.sh(
      `${tunnel} sleep 60 2>/dev/null & until curl --silent http://localhost:9999; do sleep 0.2; done; kill $!`,
    );
    expect(page).toBe('dozzle stand-in');
  });
});

describe('releases', () => {
  // r40 to r43 of the documents are the first four here.
  const numbers = (...names: readonly string[]) =>
    Object.fromEntries(names.map((name) => [name, `r${Number(name.slice(1)) - 39}`]));

  test('are read', async () => {
    expect(await run('waggle releases')).toMatch(/^r6 +runs/m);
    expect(await run('waggle releases show r41', numbers('r41'))).toContain('scale api 2 -> 5');
    expect(await run('waggle diff r40 r43', numbers('r40', 'r43'))).toContain('api');
    expect(await run('waggle diff r41 r42', numbers('r41', 'r42'))).toContain('they are the same');
    expect(await run('waggle report r41', numbers('r41'))).toContain('night-r2.html');
    expect(await run('waggle report')).toContain('night-r6.html');
    expect(await run('waggle audit verify')).toContain('6');
    expect(await run('waggle prune')).not.toContain('error');
    await operator.sh('rm -r .waggle');
  });

  test('are brought back', async () => {
    expect(await run('waggle rollback --dry-run')).toContain('roll back night to r');
    expect(await run('waggle rollback')).toContain('this is release r7');
    expect(await run('waggle rollback r41', numbers('r41'))).toContain('this is release r8');
  });

  test('a plan that was saved is what is deployed', async () => {
    await operator.sh('waggle plan --out plan.json');
    expect(await run('waggle deploy plan.json')).toContain('this is release r9');
  });

  test('what was changed by hand is kept on record', async () => {
    await m1.run(['docker', 'service', 'update', '--detach', '--env-add', 'A=1', 'night_redis']);
    expect(await run('waggle deploy --on-drift=adopt')).toContain('this is release r11');
    expect(await run('waggle deploy --on-interrupted=rollback')).toContain('night');
  });

  test('another environment has a folder of its own', async () => {
    await operator.sh('mkdir deploy/staging && cp -r deploy/*.* deploy/secrets deploy/staging/');
    await operator.sh('sed -i "s|context: ..|context: ../..|" deploy/staging/stack.yml');
    await operator.fillIn('staging/cluster.env', { ...MANAGER, STACK_NAME: 'staging', ALLOW_DIRTY: '1' });
    await operator.sh("sed -i 's/9999/9998/' deploy/staging/stack.yml");
    expect(await run('waggle plan --env staging')).toContain('+ api');
    expect(await run('waggle deploy --env staging')).toContain('this is release r1');
  });
});

test('the lock is taken, asked about, and given back', async () => {
  await run('waggle lock --reason "database is being moved"');
  const said = await run('waggle unlock');
  expect(said).toContain('database is being moved');
  const [, id = ''] = /`waggle unlock (\w+)`/.exec(said) ?? [];
  expect(await run('waggle unlock <id>', { '<id>': id })).toContain('night is not locked any more');
});

test('what is left to Docker', async () => {
  expect(await onManager('docker stack ps <stack> --no-trunc', { '<stack>': 'night' })).toContain(
    'night_api.1',
  );
  await m1.run(['sh', '-c', 'echo x | docker secret create left_by_the_script -']);
  expect(await onManager('docker secret ls')).toContain('left_by_the_script');
  await m1.run(['sh', '-c', `${shown('docker secret rm')} left_by_the_script`]);
  await m1.run(['docker', 'stack', 'rm', 'night']);
  const asked = await run('waggle remove', {}, FAILURES.USAGE);
  expect(asked).toContain('add --yes');
  expect(await run('waggle remove --yes')).toContain('record night.waggle.r1');
  expect(await run('waggle releases')).toContain('nothing was deployed yet');
});
