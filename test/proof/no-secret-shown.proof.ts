// Proves: no command shows a secret that was planted, whether it ends well or not; none is on a manager's disk or in a record.
import { gunzipSync } from 'node:zlib';
import { beforeAll, expect, test } from 'vitest';
import { commands } from '../../src/cli/commands.ts';
import { askSwarm } from '../lab/ask-swarm.ts';
import { NODES } from '../lab/operator.ts';
import { IMAGE } from '../lab/probe.ts';
import { probeOnCleanLab } from '../lab/probe-on-clean-lab.ts';

const { lab, operator, probe } = await probeOnCleanLab();

/** Each is one of the ways to give a secret; the operator of the lab looks for them in all that is said. */
const ENV = {
  WAGGLE_SECRET_FROM_ENVIRONMENT: 'environment-hunter2-never-shown',
  DEPLOY_HEALTHCHECK_URL: 'http://ops:health-hunter2-never-shown@bastion.lab:9/health',
  NOTIFY_WEBHOOK_URL: 'http://bastion.lab:9/hook-hunter2-never-shown',
  STACK_FILES: 'stack.yml:more.yml',
};
const HEALTHY = { SKIP_HEALTHCHECK: '1' };
const UNREACHABLE = { DEPLOY_MANAGER_HOST: 'nowhere.lab' };
/** Beside the probe's own: a service that says all that it is told. */
const MORE = `services:
  tells:
    image: ${IMAGE}
    command: [sh, -c, "cat /run/secrets/*; echo; echo $$API_TOKEN; sleep \${FOR_S}"]
    environment: { API_TOKEN: "\${API_TOKEN}" }
    secrets: [password, from_command, from_environment]
    deploy: { endpoint_mode: dnsrr, restart_policy: { delay: 1s }, update_config: { monitor: 1s } }
  holds:
    image: ${IMAGE}
    command: [sh, -c, "sleep 9999", "\${PASSWORD_V2}", "\${PIN}", "\${BASIC_AUTH}"]
    hostname: web
    extra_hosts: ["h:10.0.0.1"]
    working_dir: "/\${SHORT_TOKEN}"
    environment: { PEM: "\${TLS_PEM}", EMPTY: "\${EMPTY}" }
    labels: ["of.\${SHORT_TOKEN}=\${JDBC_URL}"]
    healthcheck: { test: "true \${PASSWORD_V2}", interval: "\${EVERY}" }
    deploy:
      endpoint_mode: dnsrr
      replicas: "\${COUNT}"
      labels: { of: "\${URLISH}" }
      restart_policy: { delay: 1s }
      update_config: { monitor: 1s }
secrets:
  from_command: { file: secrets/from_command.txt }
  from_environment: { file: secrets/from_environment.txt }
`;

/** In every form that a value may have: short, of digits, of several lines, and with what a URL escapes. */
const valuesOf = (version: string): Readonly<Record<string, string>> => ({
  PASSWORD_V2: `word-hunter2-${version}`,
  BASIC_AUTH: `admin:auth-hunter2-${version}`,
  JDBC_URL: `jdbc:x://db/y?password=jdbc-hunter2-${version}`,
  URLISH: `a b/c&d-hunter2-${version}`,
  TLS_PEM: `-----BEGIN\nline-hunter2-${version}\n-----END`,
  PIN: version === 'v1' ? '48213907' : '59324018',
  SHORT_TOKEN: version === 'v1' ? 'k7Qx' : 'm3Zr',
});
const SHORT = /(?<![\w+/=])(k7Qx|m3Zr|48213907|59324018)(?![\w+/=])/;
const plant = async (version: string) => {
  const values = valuesOf(version);
  for (const value of Object.values(values)) (await operator.planted).add(value);
  const quoted = Object.entries(values).map(([name, value]) => [name, `"${value.replaceAll('\n', '\\n')}"`]);
  const shown = { API_TOKEN: 'api-hunter2-never-shown', EMPTY: '', EVERY: '30s', COUNT: '1' };
  await operator.fillIn('probe/prod.env', { ...Object.fromEntries(quoted), ...shown });
};

interface Ways {
  /** These end with 0, one after the other. */
  readonly well: readonly (readonly string[])[];
  /** These end with an error, beside the first of those at a manager that is not there. */
  readonly badly?: readonly (readonly string[])[];
  readonly before?: () => Promise<unknown>;
  /** It needs no cluster. */
  readonly isLocal?: boolean;
  /** Files, which others get to read. */
  readonly writes?: readonly string[];
}

const WAYS: Readonly<Record<string, Ways>> = {
  deploy: {
    well: [['deploy'], ['deploy', '--json']],
    badly: [
      ['deploy', 'nowhere.json'],
      ['deploy', '--on-drift=nothing'],
    ],
  },
  plan: {
    well: [
      ['plan'],
      ['plan', '--json'],
      ['plan', '--markdown'],
      ['plan', '--offline'],
      ['plan', '--out', 'plan.json'],
    ],
    writes: ['plan.json'],
  },
  config: { well: [['config'], ['config', '--origins']], badly: [['config', 'what']], isLocal: true },
  build: { well: [['build']], badly: [['build', 'what']], isLocal: true },
  status: { well: [['status'], ['status', '--json']] },
  releases: {
    well: [
      ['releases'],
      ['releases', '--json'],
      ['releases', 'show', 'r1'],
      ['releases', 'show', 'r1', '--json'],
    ],
    badly: [['releases', 'show', 'r99']],
  },
  diff: { well: [['diff', 'r1', 'r2']], badly: [['diff', 'r1', 'r99']] },
  report: {
    well: [
      ['report', 'r1'],
      ['report', 'r2', '--out', 'r2.svg'],
    ],
    badly: [['report', 'r99']],
    writes: ['.waggle/probe-r1.html', 'r2.svg'],
  },
  rollback: { well: [['rollback', 'r1']], badly: [['rollback', 'r99']] },
  logs: { well: [['logs'], ['logs', 'tells', '--json']], badly: [['logs', 'nobody']] },
  exec: { well: [['exec', 'web', '--', 'true']], badly: [['exec', 'web', '--', 'false']] },
  run: { well: [['run', 'web', '--', 'true']], badly: [['run', 'web', '--', 'false']] },
  scale: { well: [['scale', 'side=2']], badly: [['scale', 'side=many']] },
  restart: { well: [['restart', 'side']], badly: [['restart', 'nobody']] },
  secrets: {
    well: [
      ['secrets', 'ls'],
      ['secrets', 'rotate', 'password'],
    ],
    before: () => probe.setFile('secrets/password.txt', 'rotated-hunter2-never-shown'),
    badly: [['secrets', 'rotate', 'nobody']],
  },
  lock: { well: [['lock', '--reason', 'a night off']], badly: [['lock', '--reason', 'twice']] },
  unlock: { well: [['unlock']], badly: [['unlock', 'another']] },
  prune: { well: [['prune', '--dry-run'], ['prune']] },
  remove: { well: [['remove', '--dry-run']], badly: [['remove']] },
  audit: { well: [['audit', 'verify']], badly: [['audit', 'what']] },
  doctor: { well: [['doctor'], ['doctor', '--json']] },
  init: { well: [], badly: [['init', 'nowhere.yml']], isLocal: true },
  lab: { well: [], badly: [['lab', 'sideways']], isLocal: true },
  completion: { well: [['completion', 'bash']], badly: [['completion', 'nosh']], isLocal: true },
};

/** Some of them have no environments. */
const run = async (argv: readonly string[], env: Readonly<Record<string, string>> = {}) => {
  const all = { ...ENV, ...HEALTHY, FOR_S: '9999', ...env };
  const [name = ''] = argv;
  const isPlain = ['init', 'lab', 'completion'].includes(name);
  const output = await (isPlain ? operator.waggle(argv, { env: all }) : probe.run(argv, all));
  if (!['exec', 'run'].includes(name)) expect(output.stdout + output.stderr).not.toMatch(SHORT);
  return output;
};

beforeAll(async () => {
  const planted = await operator.planted;
  for (const by of ['environment', 'health', 'hook', 'api', 'command'])
    planted.add(`${by}-hunter2-never-shown`);
  await probe.setFile('secret-commands.yml', 'from_command: [printf, "%s", command-hunter2-never-shown]\n');
  await probe.setFile('more.yml', MORE);
  await operator.machine.writeFile('/home/operator/.ssh/config', NODES, { mode: '600', owner: 'operator' });
  for (const tag of ['v1', 'v2']) {
    await plant(tag);
    const { code, stderr } = await run(['deploy'], { DEPLOY_TAG: tag });
    expect(code, stderr).toBe(0);
  }
});

test('every command is among them', () => {
  expect(Object.keys(WAYS)).toEqual(commands.map(({ name }) => name));
});

test.each(Object.entries(WAYS))('%s', async (name, ways) => {
  const { well, badly = [], before, isLocal = false, writes = [] } = ways;
  await before?.();
  for (const argv of well) {
    const { code, stdout, stderr } = await run(argv);
    expect(code, `${argv.join(' ')}: ${stdout}${stderr}`).toBe(0);
  }
  for (const file of writes) {
    const text = await operator.sh(`cat ${file}`);
    (await operator.planted).expectNoneIn(text, [name, file]);
    expect(text).not.toMatch(SHORT);
    expect(await operator.sh(`stat -c %a ${file}`)).toBe('600');
  }
  for (const argv of badly) expect((await run(argv)).code, argv.join(' ')).not.toBe(0);
  if (name === 'unlock') await probe.unlock();
  const [first] = [...well, ...badly];
  if (first && !isLocal) expect((await run(first, UNREACHABLE)).code, first.join(' ')).not.toBe(0);
});

test.each([
  ['a service that does not stay, and says what it knows', { FOR_S: '0' }],
  ['a health check that nobody answers', { SKIP_HEALTHCHECK: '0' }],
])('a deploy that fails: %s', async (_what, env) => {
  const { code } = await run(['deploy'], { ...env, DEPLOY_TAG: 'v3' });
  expect(code).not.toBe(0);
});

test('a value that alone has changed is said to have, by its name', async () => {
  const { stdout } = await run(['diff', 'r1', 'r2']);
  expect(stdout).toContain('${PASSWORD_V2}');
  expect(stdout).toContain('(value changed)');
});

test('none is on the disk of a manager', async () => {
  for (const manager of lab.managers) {
    const { stdout } = await manager.exec([
      'sh',
      '-c',
      'grep -rIh . /home/deploy /tmp /dev/shm /var/tmp 2>/dev/null; true',
    ]);
    expect(stdout).not.toMatch(/hunter2/);
    expect(stdout).not.toMatch(SHORT);
  }
});

test('none is in a record, but for the specs of services', async () => {
  const configs = await askSwarm<{ Spec: { Name: string; Data: string } }[]>(lab, '/configs');
  const records = configs.filter(({ Spec: { Name } }) => /^probe\.waggle\.r\d+$/.test(Name));
  expect(records.length).toBeGreaterThan(2);
  for (const { Spec } of records) {
    const { services, ...rest } = JSON.parse(gunzipSync(Buffer.from(Spec.Data, 'base64')).toString());
    const text = JSON.stringify(rest);
    expect(text, Spec.Name).not.toMatch(/hunter2/);
    expect(text, Spec.Name).not.toMatch(SHORT);
  }
});
