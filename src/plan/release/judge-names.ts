import type { Path, Positions } from '../../config/positions.ts';
import type { Problem } from '../../config/problem.ts';
import type { StackDocument } from '../../config/stack-document.ts';
import { LONGEST_SERVICE_NAME, SERVICE_NAME } from '../service-name.ts';
import { scopedName } from '../spec/scoped-name.ts';

/** Names in the cluster that Swarm would refuse, once the images are built and secrets made. */
export function judgeNames(document: StackDocument, stack: string, positions: Positions): readonly Problem[] {
  const services = Object.keys(document.services ?? {}).map((key) => ['services', key, `${stack}_${key}`]);
  const networks = Object.entries(document.networks ?? {})
    .filter(([, declared]) => !declared?.external)
    .map(([key, declared]) => ['networks', key, scopedName(stack, declared, key)]);
  return [...services, ...networks].flatMap(([kind = '', key = '', name = '']) => {
    const why = explain(name);
    const path: Path = [kind, key];
    return why ? [{ ...positions.locate(path), message: `${kind}.${key} would be ${name}, ${why}` }] : [];
  });
}

function explain(name: string): string | undefined {
  if (name.length > LONGEST_SERVICE_NAME)
    return `longer than the ${LONGEST_SERVICE_NAME} characters that Swarm takes: shorten it or STACK_NAME`;
  if (!SERVICE_NAME.test(name))
    return 'which Swarm does not take: use letters, digits, - and _, a letter or digit last';
  return undefined;
}
