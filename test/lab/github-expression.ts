/** What an expression of a workflow comes to; what is not set is an empty string. */
export type Value = string | boolean;

export interface Scope {
  /** `inputs.tag`, `steps.plan.outputs.changed`, `github.sha`: undefined where nothing is set. */
  lookup(name: string): Value | undefined;
  /** A step before has failed. */
  readonly hasFailed: boolean;
}

const TOKENS = /'(?:[^']|'')*'|&&|\|\||==|!=|[!()]|[\w-]+(?:\.[\w-]+)*(?:\(\))?/g;

/** GitHub's expressions, as far as the workflows of this repository use them. */
export function evaluate(expression: string, scope: Scope): Value {
  const tokens = expression.match(TOKENS) ?? [];
  if (tokens.join('') !== withoutSpace(expression)) throw unknown(expression);
  const reader = new Reader(tokens, scope);
  const value = reader.either();
  if (!reader.isDone) throw unknown(expression);
  return value;
}

/** Outside of its texts. */
const withoutSpace = (expression: string) => expression.replaceAll(/\s(?=(?:[^']*'[^']*')*[^']*$)/g, '');
const unknown = (what: string) => new Error(`the lab's runner does not know the expression ${what}`);

class Reader {
  readonly #tokens: readonly string[];
  readonly #scope: Scope;
  #at = 0;

  constructor(tokens: readonly string[], scope: Scope) {
    this.#tokens = tokens;
    this.#scope = scope;
  }

  get isDone(): boolean {
    return this.#at === this.#tokens.length;
  }

  either(): Value {
    const value = this.#both();
    if (!this.#take('||')) return value;
    const other = this.either();
    return value || other;
  }

  #both(): Value {
    const value = this.#compared();
    if (!this.#take('&&')) return value;
    const other = this.#both();
    return value && other;
  }

  #compared(): Value {
    const value = this.#single();
    if (this.#take('==')) return isSame(value, this.#single());
    if (this.#take('!=')) return !isSame(value, this.#single());
    return value;
  }

  #single(): Value {
    if (this.#take('!')) return !this.#single();
    if (!this.#take('(')) return evaluateToken(this.#tokens[this.#at++] ?? '', this.#scope);
    const value = this.either();
    if (!this.#take(')')) throw unknown(this.#tokens.join(' '));
    return value;
  }

  #take(token: string): boolean {
    if (this.#tokens[this.#at] !== token) return false;
    this.#at += 1;
    return true;
  }
}

function evaluateToken(token: string, { lookup, hasFailed }: Scope): Value {
  if (token.startsWith("'")) return token.slice(1, -1).replaceAll("''", "'");
  const known: Record<string, Value> = {
    true: true,
    false: false,
    'always()': true,
    'cancelled()': false,
    'failure()': hasFailed,
    'success()': !hasFailed,
  };
  if (Object.hasOwn(known, token)) return known[token] ?? false;
  if (token.endsWith(')') || !token.includes('.')) throw unknown(token || 'that ends too early');
  return lookup(token) ?? '';
}

/** Of two texts, without regard to case. */
const isSame = (a: Value, b: Value) => String(a).toLowerCase() === String(b).toLowerCase();

/** Whether a step or a job is to run: what does not ask how it went so far wants it to have gone well. */
export function holds(condition: string | undefined, scope: Scope): boolean {
  if (condition === undefined) return !scope.hasFailed;
  const [, bare = condition] = /^\$\{\{(.*)\}\}$/s.exec(condition) ?? [];
  const asks = /\b(always|failure|cancelled|success)\(\)/.test(bare);
  return (asks || !scope.hasFailed) && Boolean(evaluate(bare.trim(), scope));
}

/** Text of a workflow with its expressions filled in. */
export const fillIn = (text: string, scope: Scope): string =>
  text.replace(/\$\{\{ *(.*?) *\}\}/g, (_all, expression: string) => String(evaluate(expression, scope)));
