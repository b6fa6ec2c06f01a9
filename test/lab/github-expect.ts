import { expect } from 'vitest';
import { findResidue, readImages } from './cluster.ts';
import { takeHeard } from './github-api.ts';
import type { JobResult } from './github-job.ts';
import { TOKEN } from './github-repository.ts';
import { GITHUB, WORKSPACE, type Words } from './github-runner.ts';
import type { Operator } from './operator.ts';

const withoutMasks = (said: string) => said.replaceAll(/^::add-mask::.*$/gm, '');

/** A line from the midst of the key: the first ones only say what kind it is. */
const keyLine = ({ DEPLOY_SSH_PRIVATE_KEY: key = '' }: Words) => key.split('\n')[4] ?? '';

/** Nothing secret is shown, but to GitHub, so that it hides it. */
export function expectSecrecy({ said, summary, outputs }: JobResult, secrets: Words): void {
  const shown = withoutMasks(said) + summary + JSON.stringify(outputs);
  expect(shown).not.toMatch(/hunter2|PRIVATE KEY/);
  expect(shown).not.toContain('\u001b[');
  expect(shown).not.toContain(keyLine(secrets));
  for (const line of ['apns-hunter2-never-shown', 'pg-hunter2-never-shown', keyLine(secrets)])
    expect(said).toContain(`::add-mask::${line}`);
}

const OWN_KEY = '/home/operator/.ssh/id_ed25519';

/** The key is in no file that a job may write, no other secret in what GitHub keeps of a run, and no login anywhere. */
export async function expectNothingLeft({ lab, machine }: Operator, secrets: Words): Promise<void> {
  const find = async (lines: readonly string[], places: string) => {
    const script = `grep -rlF -f - ${places} 2>/dev/null; true`;
    return (await machine.run(['sh', '-c', script], { input: lines.join('\n') })).split('\n').filter(Boolean);
  };
  // That one is found shows that there is something to find.
  const places = `${OWN_KEY} ${WORKSPACE} /tmp /dev/shm ${GITHUB}`;
  expect(await find([keyLine(secrets)], places), 'files with the key').toEqual([OWN_KEY]);
  const kept = `${GITHUB}/artifacts ${GITHUB}/summary ${GITHUB}/output`;
  const values = ['hunter2', secrets.REGISTRY_TOKEN ?? ''];
  expect(await find(values, kept), 'files with a secret').toEqual([]);
  expect(await findResidue(lab), 'credentials left behind').toEqual([]);
}

/** What was pushed is what was planned, what was deployed, and what every task runs, digest for digest. */
export async function expectSameDigests(
  { lab }: Operator,
  plan: JobResult,
  deploy: JobResult,
): Promise<void> {
  const pushed = [...plan.said.matchAll(/^ *(\S+) is (sha256:[0-9a-f]{64})$/gm)];
  expect(pushed, 'api, worker and admin').toHaveLength(3);
  const planned = JSON.parse(plan.outputs.plan?.digests ?? '{}');
  expect(planned).toMatchObject(Object.fromEntries(pushed.map(([, image, digest]) => [image, digest])));
  expect(JSON.parse(deploy.outputs.deploy?.digests ?? '{}')).toEqual(planned);
  const running = new Set(Object.values(await readImages(lab)).flat());
  expect([...running].sort()).toEqual(
    Object.entries(planned)
      .map(([image, digest]) => `${image}@${digest}`)
      .sort(),
  );
}

/** GitHub heard of a deployment of this commit and of these states of it, with the run's own token. */
export async function expectHeard(
  operator: Operator,
  commit = '',
  states: readonly string[] = [],
): Promise<void> {
  const heard = await takeHeard(operator);
  expect(heard.map(({ url, body }) => [url, body.state ?? body.ref])).toEqual([
    ['/repos/lab/shop/deployments', commit],
    ...states.map((state) => ['/repos/lab/shop/deployments/7/statuses', state]),
  ]);
  expect(new Set(heard.map(({ login }) => login))).toEqual(new Set([`Bearer ${TOKEN}`]));
}

export function expectCode({ last, said }: JobResult, code = 0): void {
  expect(last.code, withoutMasks(said)).toBe(code);
}
