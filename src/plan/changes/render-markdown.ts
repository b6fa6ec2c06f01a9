import { describeAction, renderField, renderSummary, type ShownPlan } from './render-plan.ts';

/** The plan for a pull request: a table of services, what changes in each below it. */
export function renderMarkdown(
  { title, changes, drift, obstacles }: ShownPlan,
  warnings: readonly string[] = [],
): string {
  const { services, objects, networks } = changes;
  const changed = services.filter(({ action }) => action !== 'nothing');
  const rows = changed.map(
    (change) =>
      `| ${cell(change.name)} | ${cell(describeAction(change))} | ${cell(change.notes.join('; '))} |`,
  );
  const details = changed
    .filter(({ fields }) => fields.length > 0)
    .flatMap(({ name, fields }) => [
      '',
      `**${name}**`,
      ...fields.map((field) => `- ${field.name}: \`${renderField(field).replaceAll('`', "'")}\``),
    ]);
  const made = [
    ...networks.filter(({ action }) => action === 'create').map(({ name }) => `- network \`${name}\``),
    ...objects.filter(({ action }) => action === 'create').map(({ kind, name }) => `- ${kind} \`${name}\``),
  ];
  const kept = networks
    .filter(({ action }) => action === 'keep')
    .map(({ name, note }) => `- network \`${name}\`: ${note}`);
  return [
    `### Plan for ${title}`,
    '',
    renderSummary(changes),
    ...(rows.length > 0 ? ['', '| service | what happens | notes |', '|---|---|---|', ...rows] : []),
    ...details,
    ...(made.length > 0 ? ['', 'New:', ...made] : []),
    ...(kept.length > 0 ? ['', 'Left as they are:', ...kept] : []),
    ...(drift.length > 0
      ? ['', 'Changed by hand since the last release:', '', ...drift.map((line) => `- ${line}`)]
      : []),
    ...(warnings.length > 0 ? ['', '> [!WARNING]', ...warnings.map((line) => `> - ${line}`)] : []),
    ...(obstacles.length > 0
      ? ['', '> [!CAUTION]', '> This cannot be deployed:', ...obstacles.map((line) => `> ${line}`)]
      : []),
  ].join('\n');
}

const cell = (text: string) => text.replaceAll('|', '\\|');
