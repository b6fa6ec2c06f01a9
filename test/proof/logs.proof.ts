// Proves: `waggle logs` and `run` show every line that Docker has, whatever is in it, in the order of each task.
import { beforeAll, describe, expect, test } from 'vitest';
import { until } from '../../src/lab/engine.ts';
import { IMAGE } from '../lab/probe.ts';
import { probeOnCleanLab } from '../lab/probe-on-clean-lab.ts';

const { lab, operator, probe } = await probeOnCleanLab();
const [m1] = lab.managers;

/** Printed by a shell. Docker keeps 16 KB of a line at a time, and no letter that lies over such a border. */
const ODD = String.raw`i=0; l=x; while [ $$i -lt 12 ]; do l=$$l$$l; i=$$((i+1)); done; echo a$$l$$l$$l$$l$$l$$l$$l$$l$$l$$l; echo ö; printf '10%%\r20%%\r100%%\n'; printf 'a\342\200\250b\302\205c\n'; echo to-error >&2`;
const LONG = `a${'x'.repeat(40_960)}`;
const COUNT = 'i=0; while [ $$i -lt 3000 ]; do echo line $$i; i=$$((i+1)); done';

const service = (name: string, script: string, more = '') =>
  `${name}: { image: "${IMAGE}", entrypoint: [sh, -c, ${JSON.stringify(`${script}; sleep 9999`)}], ${more} }`;
const deploy = 'endpoint_mode: dnsrr';

beforeAll(async () => {
  const extra = [
    service('odd', ODD, `deploy: { ${deploy} }`),
    service('odd-tty', ODD, `tty: true, deploy: { ${deploy} }`),
    `tty: { image: "${IMAGE}", tty: true, command: [redis-server], deploy: { ${deploy} } }`,
    service('many', COUNT, `deploy: { replicas: 3, ${deploy} }`),
  ].join('\n  ');
  await probe.setStack({ extra });
  const { code, stderr } = await probe.run(['deploy']);
  expect(code, stderr).toBe(0);
  await until('all is said', async () => (await docker('many')).length === 9_000);
});

/** The lines of a service, as Docker's own client has them. */
const docker = async (name: string) =>
  (await m1.run(['docker', 'service', 'logs', '--raw', '--no-trunc', `probe_${name}`]))
    .split('\n')
    .filter(Boolean);

/** The same by Waggle, without the name before each line. */
async function waggle(...argv: readonly string[]): Promise<readonly string[]> {
  const { code, stdout, stderr } = await probe.run(argv);
  expect(code, stderr).toBe(0);
  return textsOf(stdout);
}
const textsOf = (stdout: string) =>
  stdout
    .split('\n')
    .slice(0, -1)
    .map((line) => line.replace(/^\S+ \| /, ''));

describe('every line is shown', () => {
  test('a very long one, one with carriage returns and one with other separators', async () => {
    const lines = await waggle('logs', 'odd', '--tail', 'all');
    expect(lines).toContain(LONG);
    expect(lines).toContain('ö');
    expect(lines).toContain('10%\r20%\r100%');
    expect(lines).toContain('a\u2028b\u0085c');
    expect(lines).toContain('to-error');
    expect(lines).toHaveLength(5);
  });

  test('of a terminal, which has no frames', async () => {
    const lines = await waggle('logs', 'odd-tty', '--tail', 'all');
    expect(lines[0]).toBe(LONG);
    expect(lines.slice(1, 5)).toEqual(['ö', '10%\r20%\r100%', 'a\u2028b\u0085c', 'to-error']);
  });

  test('of three tasks on three nodes, in the order of each', async () => {
    const { stdout } = await probe.run(['logs', 'many', '--tail', 'all']);
    for (const task of ['many.1', 'many.2', 'many.3'])
      expect(
        textsOf(
          stdout
            .split('\n')
            .filter((line) => line.startsWith(`${task}@`))
            .concat('')
            .join('\n'),
        ),
      ).toEqual(Array.from({ length: 3_000 }, (_, at) => `line ${at}`));
  });

  test('also when they are followed from the beginning', async () => {
    let shown = '';
    const following = operator.startWaggle(['logs', 'many', '--follow', '--tail', 'all', '--env', 'probe'], {
      onOutput: (text) => (shown += text),
    });
    await until('all is shown', async () => shown.split('\n').length > 9_000);
    await following.kill('SIGINT');
    expect((await following.output).code).toBe(0);
    expect(textsOf(shown.slice(shown.indexOf('many.'))).sort()).toEqual((await docker('many')).sort());
  });

  test('of a task that `run` starts', async () => {
    const { code, stdout } = await probe.run(['run', 'tty', '--', 'sh', '-c', ODD.replaceAll('$$', '$')]);
    expect(code).toBe(0);
    expect(stdout.split('\n')).toContain(LONG);
  });
});
