import { READING_RULES } from '../../src/lint/reading-rules.ts';
import { rules } from '../../src/lint/rules.ts';
import { renderPage, renderTable } from './table.ts';

/** docs/reference/rules.md */
export function renderRules(): string {
  return renderPage('Rules', '`src/lint`', [
    'A rule finds what is valid and hurts in production. An error stops the deploy, a warning does not.',
    'Each rule prints one line, however many places it found:',
    '',
    '```',
    'warning no-healthcheck: api, worker and 7 more have no health check',
    '```',
    '',
    'With `--json` Waggle lists every place with its file and line. `waggle plan`, `waggle doctor` and',
    '`waggle status` show every warning. A deploy shows the warnings that the last release did not have.',
    '',
    '## Silence a rule',
    '',
    'A comment silences a rule for its own line and the next line. In the comments at the top of a file, it',
    'silences the rule everywhere. Use that for a finding whose file takes no comment, such as a secret file.',
    '',
    '```yaml',
    '# waggle-ignore no-healthcheck: the image brings its own',
    '```',
    '',
    '## Rules of the project',
    '',
    ...renderTable(
      ['rule', 'level', 'what it finds', 'why'],
      rules.map(({ id, level, summary, reason }) => [`\`${id}\``, level, `… ${summary[0]}`, reason]),
    ),
    '',
    '## Rules of the stack file',
    '',
    'Waggle finds these while it reads the stack file. If you silence one, the last column applies.',
    '',
    ...renderTable(
      ['rule', 'level', 'what it finds', 'silenced'],
      READING_RULES.map(({ id, level, finds, silenced }) => [`\`${id}\``, level, finds, silenced]),
    ),
  ]);
}
