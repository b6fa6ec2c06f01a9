import { dirname } from 'node:path';
import { isMap } from '../../shared/is-map.ts';
import { suggest } from '../../shared/suggest.ts';
import { COMPOSE, type PlainMap } from '../merge-rules.ts';
import { mergeStacks } from '../merge-stack.ts';
import type { Position } from '../positions.ts';
import { joinProblems, type Part, problemsAs, withProblem } from './part.ts';
import { type ExtendedServices, readExtends } from './read-include.ts';
import type { Scope, StackFiles } from './stack-files.ts';

/** The part with every service laid over what it extends. */
export function extendServices(files: StackFiles, part: Part, scope: Scope): Part {
  return namesOf(part).reduce((extended, name) => extend({ files, scope, trail: [] }, extended, name), part);
}

interface Extending {
  readonly files: StackFiles;
  readonly scope: Scope;
  /** The services on the way here, with their files. */
  readonly trail: readonly string[];
}

function extend({ files, scope, trail }: Extending, part: Part, name: string): Part {
  const service = serviceOf(part, name);
  if (!isMap(service) || service.extends === undefined) return part;
  const { extends: value, ...own } = service;
  const bare = setService(part, name, own);
  const place = part.positions.locate(['services', name, 'extends']);
  const complain = (message: string) =>
    withProblem(bare, { ...place, message: `services.${name}.extends ${message}`, path: ['services', name] });
  const id = `${scope.id} ${name}`;
  const target = files.decisions.once(`${id} extends`, () => readExtends(value));
  if ('wrong' in target) return complain(target.wrong);
  const links = [...trail, `${name} in ${files.show(scope.chain.at(-1) ?? '')}`];
  if (new Set(links).size < links.length) return complain(`goes round in a circle: ${links.join(', ')}`);
  const next = { files, scope: { ...scope, id }, trail: links };
  return target.file === undefined
    ? extendHere({ ...next, scope }, part, { name, own, target, complain })
    : extendFrom(next, part, { name, own, target, complain, place, file: target.file });
}

interface Link {
  readonly name: string;
  /** What the service itself says. */
  readonly own: PlainMap;
  readonly target: ExtendedServices;
  complain(message: string): Part;
}

function extendHere(extending: Extending, part: Part, { name, own, target, complain }: Link): Part {
  const known = namesOf(part);
  if (!known.includes(target.service))
    return complain(
      `names ${target.service}, which this file does not have${suggest(target.service, known)}`,
    );
  const found = extend(extending, part, target.service);
  return layOver(found, name, own, { part: found, name: target.service });
}

function extendFrom(
  { files, scope, trail }: Extending,
  part: Part,
  { name, own, target, complain, place, file: written }: Link & { place: Position; file: string },
): Part {
  const key = `services.${name}.extends`;
  const file = files.locate(written, { folder: scope.folder, place, key });
  if (file === undefined) return setService(part, name, own);
  if (typeof file !== 'string')
    return withProblem(setService(part, name, own), { ...file, path: ['services', name] });
  const inner = { ...scope, folder: dirname(file), chain: [file] };
  const loaded = files.load(file, inner, target.service);
  const known = namesOf(loaded);
  if (loaded.problems.length === 0 && !known.includes(target.service))
    return complain(
      `names ${target.service}, which ${written} does not have${suggest(target.service, known)}`,
    );
  const found = extend({ files, scope: inner, trail }, loaded, target.service);
  return layOver(part, name, own, { part: found, name: target.service, isOther: true });
}

interface Base {
  readonly part: Part;
  readonly name: string;
  /** It was read for this service alone, so all of its problems are about the service. */
  readonly isOther?: boolean;
}

/** The part with a service laid over another one: what is wrong with that one is wrong with it, too. */
function layOver(part: Part, name: string, own: PlainMap, base: Base): Part {
  const told = problemsAs(base.part, base.isOther ? undefined : base.name, name);
  const joined = joinProblems(told, part);
  if (joined.misfits.length > 0) return setService(joined, name, own);
  const under = { services: { [name]: serviceOf(base.part, base.name) } };
  const merged = mergeStacks(under, { services: { [name]: own } }, part.marks, COMPOSE);
  const places = base.part.positions.moved(['services', base.name], ['services', name]);
  return {
    ...setService(joined, name, (merged.services as PlainMap)[name]),
    positions: places.under(part.positions),
  };
}

const namesOf = ({ document: { services } }: Part) => (isMap(services) ? Object.keys(services) : []);

function serviceOf({ document: { services } }: Part, name: string): unknown {
  return isMap(services) && Object.hasOwn(services, name) ? services[name] : undefined;
}

function setService(part: Part, name: string, service: unknown): Part {
  const services = part.document.services as PlainMap;
  return { ...part, document: { ...part.document, services: { ...services, [name]: service } } };
}
