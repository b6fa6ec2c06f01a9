import { beforeAll, expect } from 'vitest';
import { FAILURES } from '../../src/shared/errors.ts';
import { readRollout, readSpecs } from '../lab/cluster.ts';
import { labUp } from '../lab/lab.ts';
import { reset } from '../lab/reset.ts';
import { scenarios } from '../lab/scenario.ts';
import { TwoOperators } from '../lab/two-operators.ts';

/** What the cluster itself remembers: who deploys, what was begun, and what ran before. Two machines deploy one stack. */
const lab = await labUp();
const two = new TwoOperators(lab);
const { first, second } = two;
const scenario = scenarios(lab, [first.operator, second.operator]);

beforeAll(() => reset(lab));

scenario('a run that is killed is finished from another machine', async () => {
  await two.setUp();
  await two.killAt('wait for convergence');
  const found = await second.run(['deploy']);
  expect(found.code, found.stderr).toBe(FAILURES.INTERRUPTED);
  expect(found.stderr).toMatch(/the deploy of slow\d+_\d{14} by operator@.* was interrupted at: /);
  await two.recover('rollback');
  await two.expectWhole();
});

scenario('a rollback brings every spec of a release back', async () => {
  await two.setUp();
  const before = await readSpecs(lab);
  await two.next();
  const deployed = await first.run(['deploy'], { DEPLOY_TAG: 'v2' });
  expect(deployed.code, deployed.stderr).toBe(0);
  expect(await readSpecs(lab)).not.toEqual(before);
  const { code, stderr } = await second.run(['rollback']);
  expect(code, stderr).toBe(0);
  expect(await readSpecs(lab)).toEqual(before);
  expect((await second.run(['audit', 'verify'])).code).toBe(0);
});

scenario('of two deploys that begin together, exactly one runs', async () => {
  await two.setUp();
  await two.next();
  const deploy = () => first.run(['deploy'], { DEPLOY_TAG: 'slow' });
  const outputs = await Promise.all([deploy(), deploy()]);
  const codes = outputs.map(({ code }) => code).sort();
  expect(codes, outputs.map(({ stderr }) => stderr).join('\n')).toEqual([0, FAILURES.LOCKED]);
  expect(JSON.stringify((await readRollout(lab)).specs)).toContain(`VERSION=${two.version}`);
});
