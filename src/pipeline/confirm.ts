import { DeployError } from '../shared/errors.ts';
import type { Tools } from '../shared/tools.ts';

/** Asks on a terminal. Throws CANCELLED unless the answer is yes; without a terminal nobody is asked. */
export async function requireYes({ ask, signal }: Tools, question: string): Promise<void> {
  const answer = await ask(`${question} [y/N] `);
  signal.throwIfAborted();
  if (answer === undefined || /^y(es)?$/i.test(answer.trim())) return;
  throw declined('you did not answer yes');
}

/** The same for what cannot be undone: the person types the name. Throws USAGE without a terminal. */
export async function requireName({ ask, signal }: Tools, what: string, name: string): Promise<void> {
  const answer = await ask(`${what}\ntype ${name} to confirm: `);
  signal.throwIfAborted();
  if (answer === undefined)
    throw new DeployError('USAGE', 'there is no terminal to confirm on', {
      hint: 'nothing was changed; add --yes to confirm',
    });
  if (answer.trim() !== name) throw declined(`you did not type ${name}`);
}

const declined = (why: string) =>
  new DeployError('CANCELLED', why, { hint: 'nothing was changed; --yes skips the question' });
