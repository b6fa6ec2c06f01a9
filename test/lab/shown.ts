import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../..');
const DOCUMENTS = [
  'README.md',
  'DEPLOYING.md',
  ...['tutorial.md', 'reference/releases.md', 'reference/plan.md', 'reference/builds.md'].map(
    (name) => `docs/${name}`,
  ),
  ...readdirSync(resolve(ROOT, 'docs/how-to')).map((name) => `docs/how-to/${name}`),
];
const PROGRAM = /^(?:\w+=\S+ |source <\()*(?:waggle|docker|npm|ssh|usermod|\.\/[\w./]+) \S/;
/** Names of other tools' commands that are spoken of, with nothing to run them on. */
const NAMES =
  /^docker (stack deploy|stack rm|stack deploy --detach=false|stack deploy --with-registry-auth|buildx (bake|create)|service (inspect|update|rollback)|logout)$|^ssh -G$/;

/** Every command that the documents show to the person who deploys: the lines of their shell blocks, and those in a sentence. */
export const shownCommands: ReadonlySet<string> = new Set(DOCUMENTS.flatMap(findCommands));

function findCommands(document: string): readonly string[] {
  const text = readFileSync(resolve(ROOT, document), 'utf8');
  const blocks = [...text.matchAll(/^```sh\n([\s\S]*?)^```/gm)].flatMap(([, block = '']) =>
    block.split('\n'),
  );
  const prose = text.replaceAll(/^```[\s\S]*?^```/gm, '');
  const inline = [...prose.matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code);
  return [
    ...blocks.map((line) => line.replace(/\s+#.*/, '')).filter(Boolean),
    ...inline.filter((code) => PROGRAM.test(code) && !NAMES.test(code)),
  ];
}

/**
 * A command as the documents show it, ready to run: what stands there for something is replaced by what it is here.
 * test/examples.test.ts sees to it that every command is asked for by a test.
 */
export function shown(command: string, here: Readonly<Record<string, string>> = {}): string {
  if (!shownCommands.has(command)) throw new Error(`the documents do not show: ${command}`);
  for (const part of Object.keys(here))
    if (!command.includes(part)) throw new Error(`there is no ${part} in: ${command}`);
  return Object.entries(here).reduce((line, [part, real]) => line.replaceAll(part, real), command);
}
