import { FAILURES, type FailureCode } from '../../src/shared/errors.ts';
import { FAILURE_GUIDE } from '../../src/shared/failure-guide.ts';
import { renderPage, renderTable } from './table.ts';

/** Exit codes that are not failures of a run. */
const OTHERS = [
  ['0', '', 'success', 'new version, converged and healthy', 'nothing'],
  ['2', '', '`waggle plan --detailed-exitcode`: the plan has changes', 'unchanged', 'read the plan'],
  ['69', '', '`./.deploy_prod` could not install or build Waggle', 'unchanged', "read npm's last lines"],
] as const;

/** docs/reference/exit-codes.md */
export function renderExitCodes(): string {
  const codes = Object.entries(FAILURES) as [FailureCode, number][];
  const failures = codes.map(([name, code]) => {
    const { meaning, stack, next } = FAILURE_GUIDE[name];
    return [String(code), `\`${name}\``, meaning, stack, next];
  });
  return renderPage('Exit codes', '`src/shared/failure-guide.ts`', [
    'The exit code says how a run ended. The column "stack" says what the cluster runs afterwards:',
    '',
    '- unchanged: this run changed nothing.',
    '- restored: Waggle restored the state before the run, and verified it.',
    '',
    'An error prints what failed, on which object, and what to do. `waggle status` shows the state of the stack.',
    '`waggle exec` and `waggle run` exit with the code of the program. If it cannot run, they use this table.',
    '',
    ...renderTable(
      ['code', 'name', 'meaning', 'stack', 'what to do'],
      [...OTHERS, ...failures].sort(([a], [b]) => Number(a) - Number(b)),
    ),
    '',
    'See [restore](../explanation/restore.md) for codes 11 and 13, and',
    '[interrupted runs](../explanation/interrupted-runs.md) for code 18.',
  ]);
}
