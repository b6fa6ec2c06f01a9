import { Secret } from '../shared/secret.ts';

/** In what is expected it stands for the tag of the release that is asked. */
export const VERSION = '{{version}}';

/** One URL that has to answer, and how. */
export interface HealthCheck {
  /** Without a user or a password. */
  readonly url: string;
  /** `user:password`, when the URL had them. */
  readonly login: Secret | undefined;
  /** undefined: any 2xx. */
  readonly status: number | undefined;
  /** Texts that the body must contain. */
  readonly body: readonly string[];
  /** By name, in lower case: what the header must contain. */
  readonly headers: Readonly<Record<string, string>>;
}

const NOTHING: Omit<HealthCheck, 'url' | 'login'> = { status: undefined, body: [], headers: {} };

/**
 * One check a line: a URL, then what is expected, as `status=204`, `body=text` or `header.<name>=text`; a text with
 * spaces is in double quotes. Throws an Error that says what is wrong.
 */
export function parseHealthChecks(text: string): readonly HealthCheck[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)
    .map(parseLine);
}

function parseLine(line: string): HealthCheck {
  const [url = '', ...expectations] = line.match(/(?:"[^"]*"|[^\s"])+/g) ?? [];
  if (!/^https?:\/\//.test(url) || !URL.canParse(url)) throw new Error('must be an http(s) URL');
  return expectations
    .map((word) => word.replaceAll('"', ''))
    .reduce(addExpectation, { ...splitLogin(url), ...NOTHING });
}

/** The login is sent as a header and never shown. */
function splitLogin(text: string): Pick<HealthCheck, 'url' | 'login'> {
  const url = new URL(text);
  if (!url.username && !url.password) return { url: text, login: undefined };
  const login = new Secret(`${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`);
  return { url: text.replace(/^(https?:\/\/)[^/?#]*@/, '$1'), login };
}

function addExpectation(check: HealthCheck, word: string): HealthCheck {
  const [, name = '', value = ''] = /^([\w.-]+)=(.+)$/s.exec(word) ?? [];
  if (name === 'status' && /^[1-5]\d\d$/.test(value)) return { ...check, status: Number(value) };
  if (name === 'body') return { ...check, body: [...check.body, value] };
  const [, header] = /^header\.([\w-]+)$/.exec(name) ?? [];
  if (header) return { ...check, headers: { ...check.headers, [header.toLowerCase()]: value } };
  throw new Error('may expect status=<number>, body=<text> and header.<name>=<text>, and nothing else');
}
