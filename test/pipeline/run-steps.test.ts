import { setImmediate } from 'node:timers/promises';
import { expect, onTestFinished, test, vi } from 'vitest';
import { deploySteps } from '../../src/pipeline/deploy.ts';
import type { Journal } from '../../src/pipeline/history/journal.ts';
import { pushSteps } from '../../src/pipeline/push/push-forward.ts';
import { runCleanup, runSteps } from '../../src/pipeline/run-steps.ts';
import type { Deployment, Step } from '../../src/pipeline/step.ts';
import { openJournal } from '../../src/pipeline/steps/open-journal.ts';
import { DeployError } from '../../src/shared/errors.ts';
import { unlessAborted } from '../../src/shared/time-limit.ts';
import { release } from '../fakes/inputs.ts';
import { shortenLimits } from '../fakes/pauses.ts';
import { facts } from '../fakes/swarm.ts';

function scene(ask = async (): Promise<string | undefined> => undefined) {
  const said: string[] = [];
  const warn = vi.fn();
  const stop = new AbortController();
  const losing = new AbortController();
  const log = { info: () => {}, error: () => {}, warn };
  const tools = {
    log,
    ask,
    signal: stop.signal,
    lost: losing.signal,
  } as unknown as Deployment['tools'];
  const holder = { id: '1', who: 'ada', since: '', what: 'deploy', isPerson: false };
  const start: Deployment = { release: release(), facts: facts(), tools, holder, outputs: { digests: {} } };
  const step = (name: string, change: Partial<Step> = {}): Step => ({
    name,
    describe: () => [name],
    run: async () => void said.push(`run ${name}`) as undefined,
    undo: async () => void said.push(`undo ${name}`),
    ...change,
  });
  return { said, warn, stop, losing, start, step };
}

const boom = new DeployError('NOT_CONVERGED', 'boom', { details: ['its log'] });
const fails = async () => {
  throw boom;
};

test('steps run in order, learn from each other, and are skipped when they have nothing to do', async () => {
  const { said, start, step } = scene();
  const learns = step('learns', { run: async () => ({ digests: { a: 'sha256:1' } }) });
  const uses = step('uses', {
    run: async ({ outputs }) => void said.push(`saw ${outputs.digests.a}`) as undefined,
  });
  const end = await runSteps([step('first'), step('idle', { describe: () => [] }), learns, uses], start);
  expect(said).toEqual(['run first', 'saw sha256:1']);
  expect(end.outputs.digests).toEqual({ a: 'sha256:1' });
});

test('a failure undoes what was started, newest first, itself included', async () => {
  const { said, start, step } = scene();
  const steps = [
    step('one'),
    step('two', { undo: undefined as never }),
    step('three', { run: fails }),
    step('four'),
  ];
  await expect(runSteps(steps, start)).rejects.toBe(boom);
  expect(said).toEqual(['run one', 'run two', 'undo three', 'undo one']);
});

/** A journal in which nothing can be written until `write` is called. */
function journal() {
  const notes: string[] = [];
  let write: (error?: Error) => void = () => {};
  const written = new Promise<void>((done, fail) => {
    write = (error) => (error ? fail(error) : done());
  });
  const reach = (step: string) => {
    notes.push(step);
    return written;
  };
  const pass = (step: string) => void notes.push(step);
  const opened = { reach, pass, close: async () => {} } as unknown as Journal;
  return { notes, write, opens: { run: async () => ({ journal: opened }) } };
}

test('what changes something is not begun before the journal says so; what only looks waits for nothing', async () => {
  const { said, start, step } = scene();
  const { notes, write, opens } = journal();
  const steps = [
    step('opens', opens),
    step('looks'),
    step('changes', { isChange: () => true }),
    step('last'),
  ];
  const running = runSteps(steps, start);
  await vi.waitFor(() => expect(notes).toEqual(['looks', 'changes']));
  await setImmediate();
  expect(said).toEqual(['run looks']);
  write();
  await running;
  expect(said).toEqual(['run looks', 'run changes', 'run last']);
  expect(notes).toEqual(['looks', 'changes', 'last']);
});

test('what cannot be noted is not begun, and not undone: what came before it is', async () => {
  const { said, start, step } = scene();
  const { write, opens } = journal();
  const refused = new DeployError('DEPLOY_FAILED', 'too few managers are online');
  const steps = [step('opens', opens), step('looks'), step('changes', { isChange: () => true })];
  const running = runSteps(steps, start);
  write(refused);
  await expect(running).rejects.toBe(refused);
  expect(said).toEqual(['run looks', 'undo looks', 'undo opens']);
});

test('a run that is stopped while it waits for the journal begins nothing more', async () => {
  const { said, stop, start, step } = scene();
  const { notes, write, opens } = journal();
  const running = runSteps([step('opens', opens), step('changes', { isChange: () => true })], start);
  await vi.waitFor(() => expect(notes).toEqual(['changes']));
  const reason = new DeployError('CANCELLED', 'stopped');
  stop.abort(reason);
  write();
  await expect(running).rejects.toBe(reason);
  expect(said).toEqual(['undo opens']);
});

/** A step that is not here says itself, by `isChange`, that it is noted first. */
const LOOKS = ['keep the hook on-rollback ready', 'record the current services', 'wait for convergence'];
test.each([
  ['a deploy', deploySteps, ['upload the bundle', ...LOOKS, 'verify running images', 'check health']],
  ['a push', pushSteps, [...LOOKS.slice(0, 2), 'verify running images', 'check health']],
])(
  'every step after the journal is open changes something, but those that look, and a folder on the manager: %s',
  (_what, steps, looks) => {
    const after = steps.slice(steps.indexOf(openJournal) + 1);
    expect(after.filter(({ isChange }) => !isChange).map(({ name }) => name)).toEqual(looks);
  },
);

test('whose lock was taken away undoes nothing: another has it now', async () => {
  const { said, start, step } = scene();
  const loses = step('loses', {
    run: async () => {
      throw lost;
    },
  });
  await expect(runSteps([step('one'), loses], start)).rejects.toBe(lost);
  expect(said).toEqual(['run one']);
});

const lost = new DeployError('LOCK_LOST', 'it was taken');

test('that the lock was taken away counts more than what was seen of it first', async () => {
  const { said, losing, start, step } = scene();
  const undo = async () => {
    losing.abort(lost);
    throw lost;
  };
  const close = vi.fn();
  const journal = { reach: async () => {}, pass: () => {}, close } as unknown as Journal;
  const from = { ...start, outputs: { ...start.outputs, journal } };
  const steps = [step('one'), step('two', { undo }), step('three', { run: fails })];
  await expect(runSteps(steps, from)).rejects.toBe(lost);
  expect(said).toEqual(['run one', 'run two', 'undo three']);
  expect(close).not.toHaveBeenCalled();
});

test('the way back stops, too, once the lock is taken away', async () => {
  const { losing, start, step } = scene();
  const undo: Step['undo'] = async ({ tools }) => {
    losing.abort(lost);
    tools.signal.throwIfAborted();
  };
  await expect(runSteps([step('one', { undo }), step('two', { run: fails })], start)).rejects.toBe(lost);
});

test('a healthy release whose lock is taken away is not said to be done', async () => {
  const { losing, start, step } = scene();
  const loses = async () => {
    losing.abort(lost);
    throw new DeployError('DEPLOY_FAILED', '2 failed');
  };
  await expect(runCleanup([[step('keeps', { run: loses })]], start)).rejects.toBe(lost);
});

test('an undoing that fails is a failure of its own, and keeps no other from being tried', async () => {
  const { said, start, step } = scene();
  const stuck = step('stuck', { undo: fails });
  const failure = await runSteps([step('one'), stuck, step('last', { run: fails })], start).catch(
    (error) => error,
  );
  expect(failure).toMatchObject({ code: 'RESTORE_FAILED', cause: boom });
  expect(failure.details).toEqual([
    'undo: stuck: boom',
    '  its log',
    'the deploy failed because: boom',
    'its log',
  ]);
  expect(said).toEqual(['run one', 'run stuck', 'undo last', 'undo one']);
});

const away = new DeployError('UNREACHABLE', 'm1: Docker has stopped answering');
test.each([
  ['Docker does not answer', away],
  ['nothing could be restored for that', new DeployError('RESTORE_FAILED', 'not put back', { cause: away })],
])(
  'a manager that is away is to be brought back, and no service to be looked at there: %s',
  async (_, error) => {
    const { start, step } = scene();
    const undo = async () => {
      throw error;
    };
    const run = runSteps([step('one', { undo }), step('last', { run: fails })], start);
    await expect(run).rejects.toMatchObject({
      code: 'RESTORE_FAILED',
      hint: expect.stringMatching(/^restart the manager.*--on-interrupted=rollback/),
    });
  },
);

test('what is back but not healthy is told from what is not back', async () => {
  const { start, step } = scene();
  const unhealthy = async () => {
    throw new DeployError('RESTORE_UNHEALTHY', 'it answered 503');
  };
  const codeOf = (...steps: readonly Step[]) =>
    runSteps([...steps, step('last', { run: fails })], start).catch(({ code }) => code);
  expect(await codeOf(step('one', { undo: unhealthy }))).toBe('RESTORE_UNHEALTHY');
  expect(await codeOf(step('one', { undo: unhealthy }), step('two', { undo: fails }))).toBe('RESTORE_FAILED');
});

test('what is to be done once all is back is done when it is, healthy or not', async () => {
  const outcome = async (undo: Step['undo']) => {
    const { said, start, step } = scene();
    const steps = [step('tells', { needsAllBack: true }), step('one', { undo: undo as never })];
    await runSteps([...steps, step('last', { run: fails })], start).catch(() => {});
    return said.includes('undo tells');
  };
  expect(await outcome(async () => {})).toBe(true);
  expect(
    await outcome(async () => {
      throw new DeployError('RESTORE_UNHEALTHY', 'it answered 503');
    }),
  ).toBe(true);
  expect(await outcome(fails)).toBe(false);
});

test('Ctrl-C undoes with a signal that is not aborted, and its own reason is thrown', async () => {
  const { said, stop, start, step } = scene();
  const reason = new DeployError('CANCELLED', 'stopped');
  const waits = step('waits', {
    run: async () => {
      stop.abort(reason);
      throw new Error('aborted');
    },
    undo: async ({ tools }) => void said.push(`aborted: ${tools.signal.aborted}`),
  });
  await expect(runSteps([waits, step('never')], start)).rejects.toBe(reason);
  expect(said).toEqual(['aborted: false']);
});

test('a failing clean-up warns and goes on', async () => {
  const { said, warn, start, step } = scene();
  await runCleanup([[step('broken', { run: fails })], [step('next')]], start);
  expect(warn).toHaveBeenCalledWith(expect.stringContaining('failed: broken: boom'));
  expect(said).toEqual(['run next']);
});

test.each([
  ['', undefined, 'left'],
  ['', 'n', 'left'],
  ['', 'yes', 'put back'],
  ['keep', 'yes', 'left'],
  ['restore', undefined, 'put back'],
] as const)('health unknown, ON_INCONCLUSIVE=%s, answered %s: %s', async (wanted, answer, outcome) => {
  const { said, start, step } = scene(async () => answer);
  const settings = { ...start.release.settings, ON_INCONCLUSIVE: wanted };
  const unknown = async () => {
    throw new DeployError('HEALTH_UNKNOWN', 'nobody knows');
  };
  const steps = [step('one'), step('asks', { run: unknown })];
  const from = { ...start, release: { ...start.release, settings } };
  await expect(runSteps(steps, from)).rejects.toThrow('nobody knows');
  expect(said.includes('undo one')).toBe(outcome === 'put back');
});

test('a restore that does not end in time is given up, and the rest is undone', async () => {
  const limits = shortenLimits();
  onTestFinished(() => void vi.restoreAllMocks());
  const { said, start, step } = scene();
  const waits: Step['undo'] = ({ tools }) => unlessAborted(new Promise<never>(() => {}), tools.signal);
  const steps = [
    step('one'),
    step('two', { undoing: 'restore', undo: waits }),
    step('three', { run: fails }),
  ];
  const failure = await runSteps(steps, start).catch((error) => error);
  const [ms = 0] = limits;
  expect(failure).toMatchObject({ code: 'RESTORE_FAILED' });
  expect(failure.details[0]).toBe(`restore: the restore did not end within ${ms / 1000} s`);
  expect(said).toEqual(['run one', 'run two', 'undo three', 'undo one']);
});
