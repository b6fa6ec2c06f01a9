import { type HttpAnswer, requestHttp } from '../shared/http.ts';
import { TimeLimit } from '../shared/time-limit.ts';

const REDIRECTS = [301, 302, 303, 307, 308];
/** More than anybody needs; where they lead in a circle they have no end. */
const MOST_REDIRECTS = 20;

export interface RedirectOptions {
  readonly headers: Readonly<Record<string, string>>;
  /** For all requests together. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** Returns the answer at the end of the redirects; calls `onRedirect` with each URL that they lead to. */
export async function followRedirects(
  first: string,
  { headers, timeoutMs, signal }: RedirectOptions,
  onRedirect: (url: string) => void,
): Promise<HttpAnswer> {
  using limit = new TimeLimit(timeoutMs, signal);
  let url = first;
  for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
    // A login is for the host that it was given for.
    const known = new URL(url).origin === new URL(first).origin ? headers : {};
    const answer = await requestHttp(url, { headers: known, timeoutMs, signal: limit.signal });
    const location = answer.header('location');
    if (!REDIRECTS.includes(answer.status) || location === '') return answer;
    if (!URL.canParse(location, url)) throw new Error(`it redirects to "${location}", which is not a URL`);
    const next = new URL(location, url);
    // A login in a redirect is the server's own, and must not be shown.
    next.username = next.password = '';
    url = next.href;
    onRedirect(url);
  }
  throw new Error('it redirects without an end');
}
