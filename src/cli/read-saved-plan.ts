import { resolve } from 'node:path';
import { type SavedPlan, savedPlanSchema } from '../plan/changes/saved-plan.ts';
import { DeployError } from '../shared/errors.ts';
import { readText } from '../shared/read-file.ts';

/** Reads what `waggle plan --out` wrote. */
export async function readSavedPlan(file: string): Promise<SavedPlan> {
  const hint = 'make one with `waggle plan --out plan.json`';
  const invalid = (why: string) =>
    new DeployError('CONFIG_INVALID', `${file} is not a saved plan: ${why}`, { hint });
  const text = await readText(resolve(file));
  if (text === undefined) throw invalid('there is no such file');
  const result = savedPlanSchema.safeParse(parseJson(text));
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw invalid(`${issue?.path.join('.') || 'the whole'}: ${issue?.message}`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
