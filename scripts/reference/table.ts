/** A Markdown table. Cells are Markdown; a bar in one is escaped. */
export function renderTable(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), `|${'---|'.repeat(head.length)}`, ...rows.map(line)];
}

/** A page that `npm run docs` writes. `source` is the code that it comes from. */
export function renderPage(title: string, source: string, lines: readonly string[]): string {
  return [`# ${title}`, '', `<!-- Written by \`npm run docs\` from ${source}. -->`, '', ...lines, ''].join(
    '\n',
  );
}
