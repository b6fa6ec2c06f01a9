import { describe, expect, test } from 'vitest';
import { type Command, withSettings } from '../../src/cli/command.ts';
import { releasesCommand } from '../../src/cli/commands/releases.ts';
import { commands } from '../../src/cli/commands.ts';
import { parseInvocation, runInvocation } from '../../src/cli/run.ts';
import { describeFailure } from '../../src/cli/show-failure.ts';
import type { RunContext } from '../../src/pipeline/run-context.ts';
import type { Release } from '../../src/plan/release/release.ts';
import { DeployError, FAILURES } from '../../src/shared/errors.ts';

test.each(commands.map(({ name, summary }) => [name, summary]))(
  'the summary of %s is short',
  (_, summary) => {
    expect(summary).toMatch(/^[A-Z][a-z]+ .{1,59}$/);
    expect(summary.length).toBeLessThanOrEqual(60);
  },
);

test.each([
  ['deploy --tag', '--tag needs a value: --tag <tag>'],
  ['deploy --tag --wait', '--tag needs a value: --tag <tag>'],
  ['logs -n', '--tail needs a value: --tail <lines>'],
  ['deploy --wait=yes', '--wait takes no value'],
  ['config --json', 'config does not take --json'],
])('waggle %s says %s', (line, message) => {
  expect(() => parseInvocation(line.split(' '), '1')).toThrow(
    expect.objectContaining({ code: 'USAGE', message: expect.stringContaining(message) }),
  );
});

describe('the command line', () => {
  test.each([
    [['deploy'], 'deploy'],
    [['plan', '--offline'], 'plan'],
    [['--json', 'deploy'], 'deploy'],
    [['releases', 'show', 'r41'], 'releases'],
  ])('%j runs %s', (argv, name) => {
    expect(parseInvocation(argv, '1').command?.name).toBe(name);
  });

  test.each([[[]], [['--help']], [['-h']], [['help']]])('%j prints help that names every command', (argv) => {
    const { print, command } = parseInvocation(argv, '1');
    expect(command).toBeUndefined();
    for (const { name } of commands) expect(print).toMatch(new RegExp(`^  ${name} `, 'm'));
  });

  test.each(commands.map((command) => [command.name, command] as const))(
    'the help of %s has its flags, and examples that can be given',
    (name, { flags, examples }) => {
      const { print } = parseInvocation([name, '--help'], '1');
      expect(parseInvocation(['help', name], '1').print).toBe(print);
      for (const flag of Object.keys(flags)) expect(print).toMatch(new RegExp(`^  (-., )?--${flag} `, 'm'));
      for (const example of examples) {
        expect(print).toContain(example);
        const words = example.replace(/^.*waggle /, '').match(/"[^"]*"|\S+/g) ?? [];
        expect(parseInvocation(words, '1').command?.name).toBe(name);
      }
    },
  );

  test('--version', () => {
    expect(parseInvocation(['--version'], '1.2.3').print).toBe('1.2.3');
  });

  test.each([
    [['toString']],
    [['depoly']],
    [['plan', 'now']],
    [['deploy', '--offline']],
    [['--nope']],
    [['diff', 'r1']],
    [['help', 'depoly']],
    [['--env', 'staging']],
    [['--json']],
    [['']],
    [['deploy', '']],
    [['rollback', '']],
    [['restart', 'api', '']],
    [['exec', '', 'sh']],
    [['status', '']],
    ...['', '=', '= ', '=.', '=..', '=a/b', '=/srv/x', '=./a', '=a\n', '=-a', '=.git'].map((value) => [
      ['deploy', `--env${value}`],
    ]),
    [['deploy', '--env', '', 'plan.json']],
  ])('%j is a usage error', (argv) => {
    expect(() => parseInvocation(argv, '1')).toThrow(expect.objectContaining({ code: 'USAGE' }));
  });
});

test.each(
  commands.flatMap(({ name, flags }) =>
    Object.entries(flags).flatMap(([flag, { value }]) => (value ? [[name, flag] as const] : [])),
  ),
)('%s with an empty --%s is a usage error', (name, flag) => {
  const words = name === 'diff' ? ['r1', 'r2'] : ['x', 'y'];
  const taken = commands.find((one) => one.name === name)?.arguments ? words.slice(0, 1) : [];
  const argv = [name, ...(['diff', 'exec', 'run'].includes(name) ? words : taken), `--${flag}=`];
  expect(() => parseInvocation(argv, '1')).toThrow(
    expect.objectContaining({
      code: 'USAGE',
      message: expect.stringContaining(`--${flag} is given an empty`),
    }),
  );
});

test.each([
  ['deploy', '--tag v2 --skip-build', { DEPLOY_TAG: 'v2', SKIP_BUILD: '1' }],
  ['deploy', '--dry-run --skip-healthcheck', { DRY_RUN: '1', SKIP_HEALTHCHECK: '1' }],
  ['deploy', '--allow-dirty', { ALLOW_DIRTY: '1' }],
  ['prune', '--dry-run', { DRY_RUN: '1' }],
  ['rollback', '--dry-run', { DRY_RUN: '1' }],
  ['deploy', '', {}],
])('%s %s overrides the settings of the environment', (name, words, expected) => {
  const { command, given } = parseInvocation([name, ...words.split(' ').filter(Boolean)], '1');
  const environment = { DEPLOY_TAG: 'v1', PATH: '/bin' };
  expect(withSettings(environment, command as Command, given)).toEqual({ ...environment, ...expected });
});

test.each([
  ['--dryrun', 'deploy', '--dry-run'],
  ['--wacth', 'status', '--watch'],
  ['--skip-biuld', 'deploy', '--skip-build'],
])('%s of %s suggests %s', (flag, name, expected) => {
  expect(() => parseInvocation([name, flag], '1')).toThrow(`did you mean ${expected}?`);
});

test.each([
  ['depoly', 'deploy'],
  ['satus', 'status'],
  ['up', 'deploy'],
  ['ps', 'status'],
])('the command %s suggests %s', (word, expected) => {
  expect(() => parseInvocation([word], '1')).toThrow(`did you mean ${expected}?`);
});

test.each([[['xyz']], [['logs', '--dry-run']], [['deploy', '--offlin']], [['constructor']]])(
  '%j suggests nothing that the command does not take',
  (argv) => {
    expect(() => parseInvocation(argv, '1')).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('did you mean') }),
    );
  },
);

test.each(['staging', 'eu-1', 'v1.2', '_old'])('--env %s is a folder of deploy/', (name) => {
  expect(parseInvocation(['deploy', '--env', name], '1').given.flags.env).toBe(name);
  expect(parseInvocation(['run', 'api', '--', 'echo', ''], '1').given.arguments).toEqual(['api', 'echo', '']);
});

describe('DRY_RUN', () => {
  const acting = ['build', 'exec api sh', 'run api sh', 'lock --reason x', 'unlock 3f9c2a', 'init', 'lab up'];
  const asking = ['secrets ls', 'unlock', 'prune', 'rollback', 'scale api=2', 'restart', 'status', 'deploy'];
  const actsOf = (line: string) => {
    const { command, given } = parseInvocation(line.split(' '), '1');
    return command?.acts?.(given) ?? false;
  };

  test.each(acting)('%s refuses it from the environment', async (line) => {
    const context = { environment: { DRY_RUN: '1' } } as unknown as RunContext;
    const running = runInvocation(parseInvocation(line.split(' '), '1'), context);
    await expect(running).rejects.toMatchObject({
      code: 'USAGE',
      message: expect.stringContaining(`DRY_RUN is set, which ${line.split(' ')[0]} does not have`),
    });
  });

  test.each(asking)('%s does not', (line) => {
    expect(actsOf(line)).toBe(false);
  });

  test('every command is in one of the two lists, or only ever asks', () => {
    const names = new Set(acting.map((line) => line.split(' ')[0]));
    expect([...names].sort()).toEqual(
      commands
        .filter(({ acts }) => acts)
        .map(({ name }) => name)
        .sort(),
    );
  });

  test('that of cluster.env is refused before anything is connected to', async () => {
    const connected = async () => expect.unreachable();
    const context = { environment: {}, connect: connected } as unknown as RunContext;
    const run: Command['run'] = async ({ connect }) => {
      await connect({ settings: { DRY_RUN: true } } as Release);
      return 0;
    };
    const command = { name: 'lock', flags: {}, acts: () => true, run } as unknown as Command;
    const invocation = {
      command,
      given: { arguments: [], flags: {} },
      json: false,
      verbose: false,
      print: undefined,
    };
    await expect(runInvocation(invocation, context)).rejects.toMatchObject({ code: 'USAGE' });
  });
});

test.each([[['r41']], [['show']], [['shwo', 'r41']]])('releases %j is a usage error', async (words) => {
  const given = { arguments: words, flags: {} };
  await expect(releasesCommand.run({} as RunContext, given, commands)).rejects.toMatchObject({
    code: 'USAGE',
  });
});

test('a failure of the operator says what, what was seen and what to do, without a stack', () => {
  const { text, exitCode } = describeFailure(
    new DeployError('UNHEALTHY', 'what', { details: ['seen'], hint: 'do this' }),
  );
  expect(text).toBe('error: what\n  seen\nwhat to do: do this\nexit code 10 (UNHEALTHY)');
  expect(exitCode).toBe(FAILURES.UNHEALTHY);
  expect(describeFailure(new TypeError('oops'))).toMatchObject({ exitCode: FAILURES.INTERNAL });
  const cancelled = new DeployError('CANCELLED', 'stopped by SIGINT');
  const aborted = Object.assign(new Error('aborted'), { name: 'AbortError', cause: cancelled });
  expect(describeFailure(aborted)).toMatchObject({ exitCode: FAILURES.CANCELLED });
});

test('exit codes are distinct, and 0, 1 and 2 mean no failure of ours', () => {
  const codes = Object.values(FAILURES);
  expect(new Set(codes).size).toBe(codes.length);
  expect(codes.filter((code) => code < 3)).toEqual([]);
});
