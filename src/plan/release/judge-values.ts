import { parseCommand } from '../../config/compose/parse-command.ts';
import type { Positions } from '../../config/positions.ts';
import type { Problem } from '../../config/problem.ts';
import type { StackDocument } from '../../config/stack-document.ts';
import { hasUnknownKey, judgeConstraint, KNOWN_KEYS } from '../placement/judge-constraint.ts';

/** Text that only swarmkit, or the container, would find fault with. */
export function judgeValues(document: StackDocument, positions: Positions): readonly Problem[] {
  return Object.entries(document.services ?? {}).flatMap(([name, { command, entrypoint, deploy }]) => {
    const at = (path: readonly (string | number)[], message: string) => {
      const whole = ['services', name, ...path];
      return { ...positions.locate(whole), message: `${whole.join('.')} ${message}` };
    };
    const open = Object.entries({ command, entrypoint }).filter(
      ([, value]) => typeof value === 'string' && parseCommand(value) === undefined,
    );
    const constraints = (deploy?.placement?.constraints ?? []).flatMap((constraint, index) => {
      const path = ['deploy', 'placement', 'constraints', index];
      const problem = judgeConstraint(constraint);
      if (problem) return [at(path, problem)];
      const message = `names a key that no node has: Swarm knows ${KNOWN_KEYS.join(', ')}`;
      return hasUnknownKey(constraint) ? [{ ...at(path, message), rule: 'unknown-constraint' }] : [];
    });
    return [...open.map(([key]) => at([key], 'has a quote that does not end')), ...constraints];
  });
}
