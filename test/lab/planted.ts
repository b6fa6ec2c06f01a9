import { type Lab, REGISTRY } from '../../src/lab/topology.ts';

/** Below that, a value is a word that may stand anywhere. */
const LEAST = 8;

/** Their output is that of the operator's own program. */
const OTHERS_OUTPUT = ['exec', 'run'];

/** The values that an operator has set as secrets: none of them is to be in what any command says. */
export class Planted {
  /** What is looked for -> the line that it gives away. */
  readonly #forms = new Map<string, string>();

  /** Line by line: what is shown of several is shown in pieces. */
  add(value: string): void {
    for (const line of value.split('\n').map((text) => text.trim()))
      if (line.length >= LEAST && !line.startsWith('-----'))
        for (const form of formsOf(line)) this.#forms.set(form, line);
  }

  /** Throws when one of them, or of those in its environment, is in what this command has said. */
  expectNoneIn(said: string, argv: readonly string[], env: Readonly<Record<string, string>> = {}): void {
    if (OTHERS_OUTPUT.includes(argv[0] ?? '')) return;
    for (const [name, value] of Object.entries(env)) if (name.startsWith('WAGGLE_SECRET_')) this.add(value);
    for (const [form, line] of this.#forms)
      if (said.includes(form)) throw new Error(`waggle ${argv.join(' ')} shows a secret: ${line}\n${said}`);
  }
}

/** As it is, in JSON, in a URL, and in the base64 of whatever it is a part of. */
function formsOf(line: string): readonly string[] {
  const inBase64 = [0, 1, 2].map((before) => {
    const bytes = Buffer.from(' '.repeat(before) + line);
    // Of the characters at either end, its neighbours decide.
    const [start, end] = [Math.ceil((before * 8) / 6), Math.floor((bytes.length * 8) / 6)];
    return bytes.toString('base64').slice(start, end);
  });
  return [line, JSON.stringify(line).slice(1, -1), encodeURIComponent(line), ...inBase64];
}

/** What the operators of every lab have. */
export async function plant(lab: Lab): Promise<Planted> {
  const planted = new Planted();
  planted.add(REGISTRY.password);
  const keys = await Promise.all(
    [lab.workstation, lab.laptop].map((machine) =>
      machine.exec(['sh', '-c', 'cat ~/.ssh/id_*[!b]'], { user: 'operator' }),
    ),
  );
  for (const { stdout } of keys) planted.add(stdout);
  return planted;
}
