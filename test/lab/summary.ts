import type { Reporter, SerializedError, TestCase, TestModule } from 'vitest/node';

const LINES_OF_ONE = 50;

/** The last thing that a run prints: what failed, and why; and what was well only when it was tried again. */
export default class Summary implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly SerializedError[]): void {
    const lines = [
      ...modules.flatMap(describeModule),
      ...errors.map((error) => `FAILED: ${reasonOf([error])}`),
    ];
    if (lines.length > 0) process.stderr.write(`\n${lines.join('\n')}\n`);
  }
}

function describeModule(module: TestModule): readonly string[] {
  const suites = [module, ...module.children.allSuites()];
  const broken = suites.filter((suite) => suite.errors().length > 0);
  return [
    ...broken.map((suite) => `FAILED: ${module.relativeModuleId}: ${reasonOf(suite.errors())}`),
    ...[...module.children.allTests()].flatMap(describeTest),
  ];
}

function describeTest(test: TestCase): readonly string[] {
  const { state, errors = [] } = test.result();
  if (state === 'failed') return [`FAILED: ${test.fullName}: ${reasonOf(errors)}`];
  return test.diagnostic()?.flaky ? [`flaky: ${test.fullName}: ${reasonOf(errors)}`] : [];
}

const reasonOf = (errors: readonly { readonly message: string }[]) =>
  errors.map(({ message }) => message.split('\n').slice(0, LINES_OF_ONE).join('\n  ')).join('\n  then: ');
