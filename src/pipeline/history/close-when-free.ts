import { haveEnded } from '../end-commands.ts';
import type { RestoreContext } from '../step.ts';
import type { Journal } from './journal.ts';

/** The journal is all that tells the next run of a command that may still be under way on a manager. */
export async function closeWhenFree(
  acting: RestoreContext,
  { id, journal }: { readonly id: string; readonly journal: Journal | undefined },
): Promise<void> {
  if (!journal) return;
  if (await haveEnded(acting, { id, left: journal.left })) return journal.close();
  acting.tools.log.warn('the journal is left open: the next deploy waits for that manager');
}
