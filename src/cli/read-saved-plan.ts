import { readFile } from 'node:fs/promises';
import { type SavedPlan, savedPlanSchema } from '../plan/changes/saved-plan.ts';
import { DeployError, messageOf } from '../shared/errors.ts';

/** Reads what `waggle plan --out` wrote. */
export async function readSavedPlan(file: string): Promise<SavedPlan> {
  const hint = 'make one with `waggle plan --out plan.json`';
  const invalid = (why: string) =>
    new DeployError('CONFIG_INVALID', `${file} is no saved plan: ${why}`, { hint });
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw invalid(messageOf(error));
  });
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
