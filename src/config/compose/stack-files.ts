import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import { fitDocument } from '../fit-document.ts';
import { type Inputs, NO_FILE, textOf } from '../inputs.ts';
import type { Dollar, Lookup } from '../interpolate.ts';
import type { PlainMap } from '../merge-rules.ts';
import { withoutResets } from '../merge-stack.ts';
import type { IsIgnored } from '../parse-ignores.ts';
import { parseStack } from '../parse-stack.ts';
import type { Position } from '../positions.ts';
import type { Problem } from '../problem.ts';
import { nameVariables } from './name-variables.ts';
import type { Part } from './part.ts';
import { isWithin, pickService } from './pick-service.ts';
import { shiftPaths } from './shift-paths.ts';
import { expandDocument } from './translate-document.ts';

/** How variables are filled in. */
export interface FillOptions {
  readonly lookup: Lookup;
  readonly dollar: Dollar;
  /** How a value of the env file of an `include` is written. */
  write(name: string, value: string): string;
  /** The files fit when they are filled with values: a name in place of a number is no misfit. */
  readonly isSound?: boolean;
}

/** Where a file is read from. */
export interface Scope {
  /** Its relative paths lead from here. Absolute. */
  readonly folder: string;
  readonly lookup: Lookup;
  /** The env files of an `include` set variables that only this file and those below see. */
  readonly hasOwn: boolean;
  /** The way by which the file came in. */
  readonly id: string;
  /** The files that it was included by, and itself. */
  readonly chain: readonly string[];
}

/**
 * What `include`, `extends` and `profiles` were with values filled in: the template, which has names in place of values,
 * goes by the same.
 */
export class Decisions {
  readonly #made = new Map<string, unknown>();

  once<T>(key: string, decide: () => T): T {
    if (!this.#made.has(key)) this.#made.set(key, decide());
    return this.#made.get(key) as T;
  }
}

type Texts = Pick<Inputs, 'folder' | 'path' | 'root' | 'base' | 'texts' | 'unread'>;

/** The stack files and what they name, as texts that were read before. */
export class StackFiles {
  /** Files that are yet to be read, from the deploy folder. */
  readonly wanted = new Set<string>();
  /** The variables of env files that an `include` reads. */
  readonly told: FileVariable[] = [];
  readonly filler: FillOptions;
  readonly decisions: Decisions;
  readonly #inputs: Texts;
  readonly #isIgnored: IsIgnored;

  constructor(inputs: Texts, filler: FillOptions, isIgnored: IsIgnored, decisions: Decisions) {
    this.#inputs = inputs;
    this.filler = filler;
    this.#isIgnored = isIgnored;
    this.decisions = decisions;
  }

  /** The scope of a stack file by its name in STACK_FILES. */
  scopeOf(name: string): Scope {
    const { path, base } = this.#inputs;
    const { lookup } = this.filler;
    return { folder: base, lookup, hasOwn: false, id: name, chain: [resolve(path, name)] };
  }

  /** `only`: nothing but this service, and those of the same file that it extends. */
  load(file: string, { folder, lookup, hasOwn }: Scope, only?: string): Part {
    const parsed = parseStack(this.show(file), this.textOf(file), lookup, this.filler.dollar);
    const { marks, positions } = parsed;
    const whole = withoutResets(parsed.document, marks);
    const document = only === undefined ? whole : pickService(whole, only);
    const expanded = expandDocument(document, positions);
    const fitted = fitDocument(expanded.document, positions, { isPart: true });
    const isTold = (problem: Problem) =>
      !this.#isIgnored(problem) && (only === undefined || isWithin(problem, document));
    const shifted = shiftPaths(fitted.document as PlainMap, this.fromBase(folder));
    return {
      document: hasOwn ? nameVariables(shifted, lookup) : shifted,
      marks,
      positions,
      problems: parsed.problems.filter(isTold),
      misfits: this.filler.isSound ? [] : fitted.problems.filter(isTold),
      findings: expanded.findings,
    };
  }

  /**
   * The file that a name leads to, or what is wrong with it. `undefined`: it is yet to be read, or missing though it may
   * be. `key` begins the message.
   */
  locate(
    name: string,
    { folder, place, key, isOptional = false }: FileReference,
  ): string | Problem | undefined {
    const complain = (why: string) => ({ ...place, message: `${key} names ${name}, which ${why}` });
    if (/:\/\/|^git@/.test(name)) return complain('is not on this machine: put the file into the project');
    const file = resolve(folder, name);
    const own = this.#keyOf(file);
    if (textOf(this.#inputs.texts, own) !== undefined) return file;
    if (!this.#isInProject(file))
      return isOptional ? undefined : complain('is outside of the project: put the file into it');
    const why = textOf(this.#inputs.unread, own);
    if (why === undefined) this.wanted.add(own);
    return why === undefined || (isOptional && why === NO_FILE) ? undefined : complain(why);
  }

  #isInProject(file: string): boolean {
    const inside = relative(this.#inputs.root, file);
    return inside !== '..' && !inside.startsWith(`..${sep}`) && !isAbsolute(inside);
  }

  /** The way to a folder from that of the first stack file. */
  readonly fromBase = (folder: string) => relative(this.#inputs.base, folder);
  readonly #keyOf = (file: string) => relative(this.#inputs.path, file);
  readonly textOf = (file: string) => textOf(this.#inputs.texts, this.#keyOf(file)) ?? '';
  /** As the operator writes it. */
  readonly show = (file: string) => join(this.#inputs.folder, this.#keyOf(file));
}

export interface FileVariable {
  readonly name: string;
  readonly value: string;
  readonly file: string;
  readonly line: number | undefined;
}

/** A place that names a file. */
export interface FileReference {
  readonly folder: string;
  readonly place: Position;
  readonly key: string;
  readonly isOptional?: boolean;
}
