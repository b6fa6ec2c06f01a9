import { posix } from 'node:path';
import { LineCounter, parseDocument } from 'yaml';
import { judgeYaml } from '../config/judge-yaml.ts';
import { AS_DOCKER } from '../config/parse-stack.ts';
import { configInvalid } from '../config/problem.ts';
import { bindConfigs, type LookAt } from './bind-configs.ts';
import { ComposeNodes, isText, startOf } from './compose-nodes.ts';
import { ComposeEdits } from './edit-compose.ts';
import { findNamed, type NamedFile } from './find-named.ts';
import { variablesIn } from './find-variables.ts';
import { setImages } from './set-images.ts';
import { shiftPath, shiftService, type Way } from './shift-paths.ts';

export interface ComposeFile {
  /** For messages. */
  readonly file: string;
  readonly text: string;
  readonly way: Way;
  /** Where secrets are written, from the root. */
  readonly secrets: string;
  readonly lookAt: LookAt;
}

export interface StackFile {
  readonly text: string;
  /** `name:` of the compose file. */
  readonly name: string | undefined;
  /** Variables that it needs and that have no default. */
  readonly variables: readonly string[];
  /** Secrets that it reads from files, by their key. */
  readonly secrets: readonly string[];
  /** Files that it includes or extends, and that are written beside it. */
  readonly named: readonly NamedFile[];
  /** Files of env_file and label_file, from the root. */
  readonly read: readonly string[];
}

/**
 * A stack file for the deploy folder from a compose file: paths are made to lead to where they led, what is built gets
 * an image in the registry, and files that are bound become configs. Every other byte stays: what Swarm knows otherwise
 * is left for `waggle plan` to translate or to refuse.
 */
export function planStackFile({ file, text, way, secrets: folder, lookAt }: ComposeFile): StackFile {
  const nodes = new ComposeNodes(parse(file, text));
  const edits = new ComposeEdits(text);
  const name = takeName(nodes, edits);
  const named = findNamed(nodes, edits, way, lookAt);
  setImages(nodes, edits);
  const read = nodes.section('services').flatMap(({ value }) => shiftService(nodes, edits, value, way));
  for (const { value } of nodes.section('networks')) {
    const driver = nodes.find(value, 'driver')?.value;
    // What compose calls its usual network is, in a Swarm, an overlay.
    if (isText(driver) && driver.value === 'bridge') edits.setText(driver, 'overlay', true);
  }
  const secrets: string[] = [];
  for (const section of ['secrets', 'configs']) {
    for (const { key, value } of nodes.section(section)) {
      const path = nodes.find(value, 'file')?.value;
      if (!isText(path)) continue;
      // Where the secret's example is written, so that there is one place to put the value.
      const own = posix.join(posix.relative(way.to, folder), `${key}.txt`);
      edits.setText(path, section === 'secrets' ? own : shiftPath(path.value, way));
      if (section === 'secrets') secrets.push(key);
    }
  }
  bindConfigs(nodes, edits, way, lookAt);
  const written = edits.text.apply();
  const given = nodes.section('secrets').map(({ value }) => nodes.find(value, 'environment')?.value);
  const variables = variablesIn(
    written,
    given.filter(isText).map(({ value }) => value),
  );
  return { text: written, name, variables, secrets, named, read };
}

function parse(file: string, text: string) {
  const lineCounter = new LineCounter();
  const yaml = parseDocument(text, { ...AS_DOCKER, lineCounter });
  const problems = judgeYaml(yaml, text).map(({ offset, message }) => {
    const { line, col } = lineCounter.linePos(offset);
    return `${file}:${line}:${col}: ${message}`;
  });
  if (problems.length > 0) throw configInvalid(problems);
  return yaml;
}

/** STACK_NAME has it. */
function takeName(nodes: ComposeNodes, { text }: ComposeEdits): string | undefined {
  const pair = nodes.top('name');
  if (!pair || !isText(pair.value)) return undefined;
  const start = startOf(pair.key);
  if (text.lineStart(start) === start) text.replace(start, text.nextLine(pair.value.range?.[1] ?? start), '');
  return pair.value.value;
}
