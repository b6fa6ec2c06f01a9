import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { LookAt } from '../init/bind-configs.ts';
import { MOST_BYTES } from '../plan/release/plan-objects.ts';
import { decodeText } from '../shared/decode-text.ts';

const RUNNABLE = 0o111;

/** What a config can hold of a project's file: text, neither empty nor too large. */
export function lookAt(root: string, file: string): ReturnType<LookAt> {
  const found = statSync(join(root, file), { throwIfNoEntry: false });
  if (!found?.isFile() || found.size === 0 || found.size > MOST_BYTES.config) return undefined;
  if (!('text' in decodeText(readFileSync(join(root, file))))) return undefined;
  return { isProgram: (found.mode & RUNNABLE) !== 0 };
}
