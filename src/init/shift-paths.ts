import { posix } from 'node:path';
import { isMap } from 'yaml';
import { REMOTE } from '../config/compose/shift-paths.ts';
import { type ComposeNodes, isText } from './compose-nodes.ts';
import type { ComposeEdits } from './edit-compose.ts';

/** Folders from the root of the project. */
export interface Way {
  /** The folder of the first compose file: what it names within is written beside the stack file. */
  readonly top: string;
  /** Paths of the compose file lead from here. */
  readonly from: string;
  /** Paths of the written file lead from here. */
  readonly to: string;
}

/** A path that leads from the written file to where it led from the compose file. */
export function shiftPath(path: string, { from, to }: Omit<Way, 'top'>): string {
  if (path === '' || /^[/~]/.test(path) || REMOTE.test(path)) return path;
  const prefix = posix.relative(to, from) || '.';
  // What a variable stands for is not known.
  return path.includes('$') ? `${prefix}/${path.replace(/^\.\//, '')}` : posix.join(prefix, path);
}

/** Corrects the paths of a service and of what is merged into it. Gives the files of the project that it reads. */
export function shiftService(
  nodes: ComposeNodes,
  edits: ComposeEdits,
  service: unknown,
  way: Way,
): readonly string[] {
  return nodes.layers(service).flatMap((map) => {
    const build = nodes.resolve(map.get('build', true));
    const context = nodes.find(build, 'context')?.value ?? build;
    if (isText(context)) edits.setText(context, shiftPath(context.value, way));
    else if (isMap(build)) edits.addBefore(build, build.items[0], 'context', shiftPath('.', way));
    const paths = ['env_file', 'label_file'].flatMap((key) => nodes.paths(map.get(key, true)));
    for (const path of paths) edits.setText(path, shiftPath(path.value, way));
    return paths.flatMap(({ value }) => (/^[/~]|\$/.test(value) ? [] : [posix.join(way.from, value)]));
  });
}
