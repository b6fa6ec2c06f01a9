const REDIRECTS = [301, 302, 303, 307, 308];
/** More than anybody needs; where they lead in a circle they have no end. */
const MOST_REDIRECTS = 20;

/** As fetch does it, but it tells each URL that it is sent to: fetch names none when that one does not answer. */
export async function followRedirects(
  first: string,
  { headers, signal }: { readonly headers: Readonly<Record<string, string>>; readonly signal: AbortSignal },
  onRedirect: (url: string) => void,
): Promise<Response> {
  let url = first;
  for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
    // A login is for the host that it was given for.
    const known = new URL(url).origin === new URL(first).origin ? headers : {};
    const response = await fetch(url, { headers: known, signal, redirect: 'manual' });
    const location = response.headers.get('location');
    if (!REDIRECTS.includes(response.status) || location === null) return response;
    await response.body?.cancel();
    if (!URL.canParse(location, url)) throw new Error(`it redirects to "${location}", which is no URL`);
    const next = new URL(location, url);
    // fetch takes no URL that holds a login.
    next.username = next.password = '';
    url = next.href;
    onRedirect(url);
  }
  throw new Error('it redirects without an end');
}
