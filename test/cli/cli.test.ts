import { describe, expect, test } from 'vitest';
import { commands } from '../../src/cli/commands.ts';
import { renderEvent } from '../../src/cli/render-log.ts';
import { parseInvocation } from '../../src/cli/run.ts';
import { describeFailure } from '../../src/cli/show-failure.ts';
import { DeployError, FAILURES } from '../../src/shared/errors.ts';

describe('the command line', () => {
  test.each([
    [['deploy'], 'deploy'],
    [['plan', '--offline'], 'plan'],
    [['--json', 'deploy'], 'deploy'],
  ])('%j runs %s', (argv, name) => {
    expect(parseInvocation(argv, '1').command?.name).toBe(name);
  });

  test.each([[[]], [['--help']], [['deploy', '--help']]])(
    '%j prints help that names every command',
    (argv) => {
      const { print, command } = parseInvocation(argv, '1');
      expect(command).toBeUndefined();
      for (const { name } of commands) expect(print).toContain(`  ${name} `);
    },
  );

  test('--version', () => {
    expect(parseInvocation(['--version'], '1.2.3').print).toBe('1.2.3');
  });

  test.each([[['toString']], [['depoly']], [['deploy', 'now']], [['deploy', '--offline']], [['--nope']]])(
    '%j is a usage error',
    (argv) => {
      expect(() => parseInvocation(argv, '1')).toThrow(expect.objectContaining({ code: 'USAGE' }));
    },
  );
});

test('events become lines', () => {
  const lines = [
    { level: 30, msg: 'a step', step: 'a step', state: 'started' as const },
    { level: 30, msg: 'a detail' },
    { level: 40, msg: 'take care' },
    { level: 30, msg: 'a step', step: 'a step', state: 'done' as const, ms: 1234 },
    { level: 50, msg: 'a step', step: 'a step', state: 'failed' as const, ms: 60_000 },
  ].map(renderEvent);
  expect(lines).toEqual([
    '> a step',
    '  a detail',
    '  warning: take care',
    'ok a step (1.2 s)',
    'FAILED a step (60.0 s)',
  ]);
});

test('a failure of the operator says what, what was seen and what to do, without a stack', () => {
  const { text, exitCode } = describeFailure(
    new DeployError('UNHEALTHY', 'what', { details: ['seen'], hint: 'do this' }),
  );
  expect(text).toBe('error: what\n  seen\nwhat to do: do this\nexit code 10 (UNHEALTHY)');
  expect(exitCode).toBe(FAILURES.UNHEALTHY);
  expect(describeFailure(new TypeError('oops'))).toMatchObject({ exitCode: FAILURES.INTERNAL });
});

test('exit codes are distinct, and 0, 1 and 2 mean no failure of ours', () => {
  const codes = Object.values(FAILURES);
  expect(new Set(codes).size).toBe(codes.length);
  expect(codes.filter((code) => code < 3)).toEqual([]);
});
