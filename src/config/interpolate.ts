/** Finds a variable's value; undefined when nothing sets it. */
export type Lookup = (name: string) => string | undefined;

/** What `$$` becomes: a dollar, or what Docker makes a dollar of. */
export type Dollar = '$' | '$$';

export interface Interpolation {
  readonly text: string;
  /** What is wrong, and at which character of the source. */
  readonly problems: readonly { readonly offset: number; readonly message: string; readonly rule?: string }[];
}

const NAME = /^[A-Za-z_]\w*/;
const OPERATOR = /^:?[-?+]/;
/** Deeper than anyone nests defaults, and less than the call stack takes. */
const DEEPEST = 100;

/**
 * Substitutes variables the way `docker stack deploy` and `docker compose` document it: $NAME, ${NAME},
 * the operators :- - :? ? :+ + with nested words, and $$ for a dollar. A variable that nothing sets is empty, as with
 * Docker, and a problem of the rule `unset-variable`.
 */
export function interpolate(source: string, lookup: Lookup, dollar: Dollar = '$'): Interpolation {
  const problems: { offset: number; message: string; rule?: string }[] = [];
  let depth = 0;
  const text = substitute(source, 0);
  return { text, problems };

  function substitute(part: string, offset: number): string {
    let out = '';
    let at = 0;
    while (at < part.length) {
      const dollar = part.indexOf('$', at);
      if (dollar < 0) return out + part.slice(at);
      out += part.slice(at, dollar);
      const [value, length] = readReference(part.slice(dollar), offset + dollar);
      out += value;
      at = dollar + length;
    }
    return out;
  }

  /** `rest` starts with a dollar. Gives the value and how many characters the reference takes. */
  function readReference(rest: string, offset: number): [string, number] {
    if (rest[1] === '$') return [dollar, 2];
    if (rest[1] === '{') return readBraces(rest, offset);
    const name = NAME.exec(rest.slice(1))?.[0];
    if (name) return [required(name, offset), name.length + 1];
    problems.push({ offset, message: 'a lone $: write $$ for a dollar sign' });
    return ['$', 1];
  }

  function readBraces(rest: string, offset: number): [string, number] {
    const end = closingBrace(rest);
    const inner = rest.slice(2, end);
    const name = NAME.exec(inner)?.[0];
    const operator = OPERATOR.exec(inner.slice(name?.length))?.[0];
    if (end < 0 || !name || (!operator && name.length < inner.length)) {
      problems.push({ offset, message: 'not a variable: write ${NAME}, or $$ for a dollar sign' });
      return ['', end < 0 ? rest.length : end + 1];
    }
    const wordStart = name.length + (operator?.length ?? 0);
    if (depth === DEEPEST) {
      problems.push({ offset, message: `has defaults nested deeper than ${DEEPEST}: write them out` });
      return ['', end + 1];
    }
    const word = () => {
      const written = inner.slice(wordStart);
      // Docker sends a default as it is written, and a password hash has dollars that name nothing.
      if (hasLoneDollar(written)) return written.replaceAll('$', () => dollar);
      depth += 1;
      const value = substitute(written, offset + 2 + wordStart);
      depth -= 1;
      return value;
    };
    return [operator ? apply(name, operator, word, offset) : required(name, offset), end + 1];
  }

  function apply(name: string, operator: string, word: () => string, offset: number): string {
    const value = lookup(name);
    const isSet = operator.startsWith(':') ? Boolean(value) : value !== undefined;
    if (operator.endsWith('+')) return isSet ? word() : '';
    if (isSet) return value ?? '';
    if (operator.endsWith('-')) return word();
    problems.push({ offset, message: `${name} is required: ${word() || 'it is not set'}` });
    return '';
  }

  function required(name: string, offset: number): string {
    const value = lookup(name);
    if (value === undefined)
      problems.push({
        offset,
        message: `${name} is not set: set it in an env file, or write \${${name}:-}`,
        rule: 'unset-variable',
      });
    return value ?? '';
  }
}

const hasLoneDollar = (text: string) => /\$(?![A-Za-z_{])/.test(text.replaceAll('$$', ''));

/** Index of the brace that closes the one at index 1; -1 when there is none. */
function closingBrace(text: string): number {
  let depth = 0;
  for (let at = 1; at < text.length; at++) {
    if (text[at] === '{') depth++;
    if (text[at] === '}' && --depth === 0) return at;
  }
  return -1;
}
