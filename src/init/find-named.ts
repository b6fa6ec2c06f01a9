import { posix } from 'node:path';
import { isMap, isSeq, type Scalar } from 'yaml';
import type { LookAt } from './bind-configs.ts';
import { type ComposeNodes, isText } from './compose-nodes.ts';
import type { ComposeEdits } from './edit-compose.ts';
import { shiftPath, type Way } from './shift-paths.ts';

/** A file that a compose file includes or extends. All paths are from the root. */
export interface NamedFile {
  readonly file: string;
  /** Its own paths lead from here. */
  readonly folder: string;
  /** Files that set variables for it. */
  readonly envFiles: readonly string[];
}

/**
 * The files that are written beside the stack file, at the same place from there: their names stay. What is outside of
 * the project is named where it is.
 */
export function findNamed(
  nodes: ComposeNodes,
  edits: ComposeEdits,
  way: Way,
  lookAt: LookAt,
): readonly NamedFile[] {
  const take = (path: Scalar<string>, rest: Partial<NamedFile> = {}): readonly NamedFile[] => {
    const file = posix.join(way.from, path.value);
    const isInside = !posix.relative(way.top, file).startsWith('..');
    if (isInside && /^[^/~$][^$]*$/.test(path.value))
      return [{ file, folder: folderOf(file), envFiles: [], ...rest }];
    edits.setText(path, shiftPath(path.value, way));
    return [];
  };
  const services = nodes.section('services').flatMap(({ value }) => nodes.layers(value));
  const extended = services.map((map) => nodes.find(map.get('extends', true), 'file')?.value);
  const include = nodes.resolve(nodes.top('include')?.value);
  const entries = isSeq(include) ? include.items.map((one) => nodes.resolve(one)) : [];
  return [
    ...extended.filter(isText).flatMap((path) => take(path)),
    ...entries.flatMap((entry) => {
      const { paths, ...rest } = readEntry(nodes, edits, entry, way, lookAt);
      return paths.flatMap((path) => take(path, rest));
    }),
  ];
}

function readEntry(nodes: ComposeNodes, edits: ComposeEdits, entry: unknown, way: Way, lookAt: LookAt) {
  const read = (key: string) => (isMap(entry) ? nodes.paths(entry.get(key, true)) : []);
  const fromRoot = ({ value }: Scalar<string>) => posix.join(way.from, value);
  const paths = isMap(entry) ? read('path') : nodes.paths(entry);
  const [directory] = read('project_directory');
  const folder = directory ? fromRoot(directory) : folderOf(paths[0] ? fromRoot(paths[0]) : '');
  const envFiles = read('env_file');
  for (const path of envFiles) edits.setText(path, shiftPath(path.value, way));
  const own = posix.join(folder, '.env');
  if (envFiles.length > 0 || !lookAt(own)) return { paths, folder, envFiles: envFiles.map(fromRoot) };
  const shifted = shiftPath(posix.relative(way.from, own), way);
  if (isMap(entry)) edits.addBefore(entry, entry.items[0], 'env_file', shifted);
  else if (paths[0])
    edits.setYaml(paths[0], `{ path: ${JSON.stringify(paths[0].value)}, env_file: ${shifted} }`);
  return { paths, folder, envFiles: [own] };
}

/** The folder of a file; `.` at the root. */
export const folderOf = (file: string) => posix.join(posix.dirname(file), '.');
