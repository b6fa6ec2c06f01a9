import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, onTestFinished, test } from 'vitest';
import { parseHealthChecks } from '../../src/config/parse-health.ts';
import { explainNoAnswer } from '../../src/health/explain-no-answer.ts';
import { findExpiry } from '../../src/health/find-expiry.ts';
import { type HealthGate, requireHealthy } from '../../src/health/gate.ts';
import type { PartEvent } from '../../src/shared/log.ts';
import { silentLog } from '../../src/shared/recording-log.ts';
import { collectGarbage } from '../fakes/collecting.ts';
import { listenFarAway } from '../fakes/far-server.ts';
import { answerLookups } from '../fakes/name-server.ts';

/** Against a real server: what it answers to the first question, the second, and so on; the last one stays. */
const servers: Server[] = [];
afterAll(() => {
  for (const server of servers) server.close();
});

async function serve(...answers: readonly RequestListener[]): Promise<{ url: string; asked: () => number }> {
  let asked = 0;
  const started = createServer((incoming, outgoing) => {
    const answer = answers[Math.min(asked++, answers.length - 1)];
    answer?.(incoming, outgoing);
  });
  servers.push(started);
  await new Promise<void>((listening) => started.listen(0, '127.0.0.1', listening));
  return { url: `http://127.0.0.1:${(started.address() as AddressInfo).port}`, asked: () => asked };
}
const say =
  (status: number, body = '', headers: Record<string, string> = {}): RequestListener =>
  (_incoming, outgoing) =>
    outgoing.writeHead(status, headers).end(body);
const sendTo = (location: string) => say(302, '', { location });
const hang: RequestListener = () => {};

const GATE: HealthGate = {
  successes: 1,
  attempts: 1,
  timeoutMs: 60_000,
  bakeMs: 0,
  budget: 0,
  version: 'v1',
};
const told: unknown[] = [];
const log = { ...silentLog, info: (event: unknown) => told.push(event) };
const tools = { log, signal: new AbortController().signal };

async function outcome(line: string, gate: Partial<HealthGate> = {}): Promise<string> {
  const [check] = parseHealthChecks(line);
  if (!check) throw new Error('no check');
  return requireHealthy(check, { ...GATE, ...gate }, tools).then(
    () => 'healthy',
    ({ code, message }) => `${code} ${message}`,
  );
}

test('a login in the URL is sent, and never told', async () => {
  const needsLogin: RequestListener = (incoming, outgoing) => {
    const isOps = incoming.headers.authorization === `Basic ${Buffer.from('ops:hunter2').toString('base64')}`;
    outgoing.writeHead(isOps ? 200 : 401).end();
  };
  const { url } = await serve(needsLogin);
  told.length = 0;
  expect(await outcome(url.replace('//', '//ops:hunter2@'))).toBe('healthy');
  const refused = await outcome(url.replace('//', '//ops:hunter22@'));
  expect(refused).toContain('it answered 401');
  expect(JSON.stringify(told) + refused).not.toContain('hunter');
});

test.each([
  ['', say(200), 'healthy'],
  ['', say(503), 'UNHEALTHY .* it answered 503'],
  ['status=404', say(404), 'healthy'],
  ['status=204', say(200), 'it answered 200, not 204'],
  ['body=v2', say(200, 'this is v2'), 'healthy'],
  ['body=v2', say(200, 'this is v1'), 'its answer does not contain "v2"'],
  ['header.x-version=v2', say(200, '', { 'X-Version': 'v2.1' }), 'healthy'],
  ['header.x-version=v2', say(200), 'its header x-version is "", not "v2"'],
  ['', hang, 'no answer within 0.5 s'],
  ['', sendTo('http://127.0.0.1:65534/'), 'redirected to http://127.0.0.1:65534/, nothing listens there'],
  ['', sendTo('http://ops:hunter2@127.0.0.1:65534/'), 'redirected to http://127.0.0.1:65534/, nothing'],
  [
    '',
    sendTo('http://nothing.invalid'),
    'redirected to http://nothing.invalid/, this machine cannot resolve',
  ],
  ['', sendTo('/again'), 'redirected to http://.*/again, no answer: it redirects without an end'],
  ['', sendTo('http://:1'), 'no answer: it redirects to "http://:1", which is not a URL'],
])('%s: %o', async (expectation, answer, said) => {
  const { url } = await serve(answer);
  const timeoutMs = answer === hang ? 500 : 60_000;
  expect(await outcome(`${url} ${expectation}`, { timeoutMs })).toMatch(new RegExp(said));
});

test('a redirect that leads to a good answer is followed, and the login goes no further than its host', async () => {
  const heard: unknown[] = [];
  const listen: RequestListener = ({ headers, url }, outgoing) => {
    heard.push([url, headers.authorization]);
    outgoing.end();
  };
  const [here, there] = [await serve(sendTo('/in'), listen), await serve(listen)];
  const withLogin = ({ url }: { readonly url: string }) => url.replace('//', '//ops:hunter2@');
  expect(await outcome(withLogin(here))).toBe('healthy');
  expect(await outcome(withLogin(await serve(sendTo(`${there.url}/out`))))).toBe('healthy');
  expect(heard).toEqual([
    ['/in', expect.stringMatching(/^Basic /)],
    ['/out', undefined],
  ]);
});

test.each([
  ['v2', 'this is v2', 'healthy'],
  ['v2', 'this is v2.', 'healthy'],
  ['v2', 'this is v1', 'its answer does not contain "v2"'],
  ['v1', 'this is v10', 'its answer does not contain "v1"'],
  ['v1', 'this is v1.2', 'does not contain'],
  ['1', 'this is v2.1', 'does not contain'],
  ['1', 'v1', 'does not contain'],
  ['v1.2', 'v1x2', 'does not contain'],
  ['v1', 'v10, before it v1', 'healthy'],
  [undefined, 'this is v2', 'healthy'],
])('version %s, of an answer "%s": %s', async (version, answer, said) => {
  const { url } = await serve(say(200, answer, { 'x-version': answer }));
  expect(await outcome(`${url} body={{version}}`, { version })).toContain(said);
  const inHeader = said.replace(/.*(contain|not contain).*/, `its header x-version is "${answer}", not`);
  expect(await outcome(`${url} header.x-version={{version}}`, { version })).toContain(inHeader);
});

test('what stands beside a version in an expectation is its own end', async () => {
  const { url } = await serve(say(200, 'shop v1.2'));
  expect(await outcome(`${url} body="shop v{{version}}"`, { version: '1.2' })).toBe('healthy');
  expect(await outcome(`${url} body="shop v{{version}}"`, { version: '1' })).toContain('"shop v1"');
  expect(await outcome(`${url} body={{version}}.2`, { version: 'v1' })).toBe('healthy');
});

describe.concurrent('several questions', () => {
  test('are asked until it is well, and no longer', async () => {
    const { url, asked } = await serve(say(503), say(200));
    expect(await outcome(url, { attempts: 5 })).toBe('healthy');
    expect(asked()).toBe(2);
  });

  test('want so many good answers in a row', async () => {
    const flapping = await serve(say(200), say(503), say(200), say(200), say(503));
    expect(await outcome(flapping.url, { successes: 2, attempts: 4 })).toBe('healthy');
    expect(flapping.asked()).toBe(4);
    const worse = await serve(say(200), say(503), say(200));
    expect(await outcome(worse.url, { successes: 2, attempts: 3 })).toContain('UNHEALTHY');
  });

  test('go on for a while, and bear with so many bad answers', async () => {
    const { url } = await serve(say(200), say(200), say(503), say(200));
    expect(await outcome(url, { bakeMs: 2000, budget: 1 })).toBe('healthy');
    const watched = told.filter((event) => (event as PartEvent).part === `${url}, watched`) as PartEvent[];
    expect(watched.map(({ done }) => done)).toEqual(watched.map(({ done }) => done).toSorted());
    expect(watched[0]).toEqual({ part: `${url}, watched`, done: 1, of: 2, note: '0 of 1 bad answers' });
    expect(watched.at(-1)).toEqual({ part: `${url}, watched`, done: 2, of: 2, note: '1 of 1 bad answers' });
    const again = await serve(say(200), say(200), say(503), say(200));
    expect(await outcome(again.url, { bakeMs: 2000 })).toContain('did not stay healthy: it answered 503');
  });
});

describe('a certificate', () => {
  const folder = mkdtempSync(join(tmpdir(), 'waggle-certificate-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  const path = (name: string) => join(folder, name);
  const openssl = (...words: readonly string[]) => execFileSync('openssl', words, { stdio: 'ignore' });
  const NEW_KEY = ['-newkey', 'rsa:2048', '-nodes'];

  /** Signed by itself. */
  const makeRoot = (name: string, days: number) =>
    openssl(
      ...['req', '-x509', ...NEW_KEY, '-days', String(days), '-subj', `/CN=${name}`],
      ...['-keyout', path(`${name}.key`), '-out', path(`${name}.crt`)],
    );
  /** Signed by another, for which it may sign in turn. */
  const makeSigned = (name: string, by: string, days: number) => {
    writeFileSync(path('is-authority'), 'basicConstraints=CA:TRUE');
    openssl(
      ...['req', ...NEW_KEY, '-subj', `/CN=${name}`],
      ...['-keyout', path(`${name}.key`), '-out', path(`${name}.csr`)],
    );
    openssl(
      ...[
        'x509',
        '-req',
        '-days',
        String(days),
        '-in',
        path(`${name}.csr`),
        '-extfile',
        path('is-authority'),
      ],
      ...['-CA', path(`${by}.crt`), '-CAkey', path(`${by}.key`), '-out', path(`${name}.crt`)],
    );
  };
  /** A server that shows these, the first of which is its own. */
  const serveWith = async (...chain: readonly [string, ...string[]]) => {
    const cert = chain.map((name) => readFileSync(path(`${name}.crt`), 'utf8')).join('');
    const started = createSecureServer({ key: readFileSync(path(`${chain[0]}.key`)), cert });
    servers.push(started);
    await new Promise<void>((listening) => started.listen(0, '127.0.0.1', listening));
    return `https://127.0.0.1:${(started.address() as AddressInfo).port}/health`;
  };

  test('that ends soon is told of, whoever signed it', async () => {
    makeRoot('soon', 5);
    const url = await serveWith('soon');
    expect(await findExpiry(url, 60_000)).toMatch(
      /^the certificate of 127\.0\.0\.1:\d+ ends in 4 days: renew it$/,
    );
    const monthBefore = Date.now() - 30 * 24 * 60 * 60 * 1000;
    expect(await findExpiry(url, 60_000, monthBefore)).toBeUndefined();
    expect(await outcome(url)).toContain('its certificate is signed by nobody but itself');
  });

  test('that is not taken is said to be what it is', async () => {
    makeRoot('root', 30);
    makeSigned('between', 'root', 30);
    makeSigned('leaf', 'between', 30);
    makeSigned('old', 'root', 0);
    const unknown = "its certificate's authority is not known here";
    expect(await outcome(await serveWith('leaf'))).toContain(unknown);
    expect(await outcome(await serveWith('leaf', 'between'))).toContain(unknown);
    expect(await outcome(await serveWith('leaf', 'between', 'root'))).toContain(unknown);
    // It ends within the second that it was made in: what is said is the last answer's.
    expect(await outcome(await serveWith('old'), { attempts: 2 })).toContain('its certificate has expired');
  });

  test('that nobody shows, as what answers is plain HTTP, is said to be none', async () => {
    const { url } = await serve(say(200));
    expect(await outcome(url.replace('http:', 'https:'))).toContain('it speaks no TLS: is http:// meant');
  });

  test('that cannot be had is nothing to tell of', async () => {
    expect(await findExpiry('https://127.0.0.1:1', 60_000)).toBeUndefined();
    expect(await findExpiry('http://127.0.0.1:1', 60_000)).toBeUndefined();
  });
});

const HERE = ['127.0.0.1'];
const AWAY = 'EAI_AGAIN';
const named = (url: string) => url.replace('127.0.0.1', 'shop.test');

test('a URL that this machine cannot ask leaves the health unknown', async () => {
  expect(await outcome('http://nothing.invalid')).toMatch(/^HEALTH_UNKNOWN .*cannot resolve its name/);
  const twice = { successes: 2, attempts: 2 };
  const [good, bad] = [await serve(say(200)), await serve(say(503))];
  answerLookups(HERE, AWAY);
  expect(await outcome(named(good.url), twice)).toMatch(/^HEALTH_UNKNOWN .*name server does not answer/);
  answerLookups(HERE, AWAY);
  expect(await outcome(named(bad.url), twice)).toMatch(/^UNHEALTHY/);
  expect(await outcome(good.url, { successes: 3, attempts: 2 })).toMatch(/^UNHEALTHY .* 3 times in a row/);
});

test('a bake that could mostly not ask leaves the health unknown', async () => {
  const { url } = await serve(say(200));
  answerLookups(HERE, HERE, AWAY);
  expect(await outcome(named(url), { bakeMs: 3000 })).toMatch(
    /^HEALTH_UNKNOWN .*could not be watched: .*name server does not answer/,
  );
  answerLookups(HERE, AWAY, HERE);
  expect(await outcome(named(url), { bakeMs: 3000 })).toBe('healthy');
});

test.each(['http://nothing.invalid', 'http://127.0.0.1:65534', 'ftp://127.0.0.1/', 'https://[2001:db8::1]'])(
  'a release that redirects to %s is bad, at first and in the bake',
  async (target) => {
    const { url } = await serve(sendTo(target));
    expect(await outcome(url, { timeoutMs: 500 })).toMatch(/^UNHEALTHY .*redirected to/);
    const later = await serve(say(200), sendTo(target));
    expect(await outcome(later.url, { timeoutMs: 500, bakeMs: 1000 })).toMatch(/^UNHEALTHY .*redirected to/);
  },
);

test.each([6000, 10080, 6667, 5060])('port %i, which browsers block, is asked', async (port) => {
  const server = createServer(say(200));
  onTestFinished(() => void server.close());
  await new Promise<void>((done) => server.on('error', () => done()).listen(port, '127.0.0.1', done));
  const said = await outcome(`http://127.0.0.1:${port}`);
  expect(said).not.toContain('bad port');
  if (server.listening) expect(said).toBe('healthy');
});

test('a host with two addresses is reached by the one that works, however far away', async () => {
  const port = await listenFarAway();
  answerLookups(['127.0.0.1', '::1']);
  expect(await outcome(`http://shop.test:${port}`)).toBe('healthy');
});

test('a host whose reachable address refuses is bad, also if another address cannot be reached', async () => {
  answerLookups(['255.255.255.255', '127.0.0.1']);
  expect(await outcome('http://shop.test:65534')).toMatch(/^UNHEALTHY .*nothing listens there/);
});

describe('an answer without an end', () => {
  const drip: RequestListener = (_incoming, outgoing) => {
    const timer = setInterval(() => outgoing.write('.'), 20);
    outgoing.once('close', () => clearInterval(timer));
  };
  const flood: RequestListener = (_incoming, outgoing) => {
    const pour = () => {
      while (!outgoing.destroyed && outgoing.write('.'.repeat(64 * 1024)));
      outgoing.once('drain', pour);
    };
    pour();
  };

  test('is given up in time, whatever Node collects meanwhile', async () => {
    collectGarbage();
    for (const answer of [hang, drip]) {
      const { url } = await serve(answer);
      expect(await outcome(url, { timeoutMs: 1_000 })).toContain('no answer within 1 s');
    }
  });

  test('is judged by its first megabyte, and takes no more memory than that', async () => {
    const { url } = await serve(flood);
    const before = process.memoryUsage().rss;
    expect(await outcome(url, { successes: 3, attempts: 3 })).toBe('healthy');
    expect(await outcome(`${url} body=v2`)).toContain('the first 1 MB of its answer do not contain "v2"');
    expect(process.memoryUsage().rss - before).toBeLessThan(150e6);
  });
});

test.each([
  ['CERT_HAS_EXPIRED', 'ill', 'its certificate has expired'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'ill', 'its certificate is for another name'],
  ['CERT_NOT_YET_VALID', 'ill', 'clock'],
  ['ETIMEDOUT', 'ill', 'firewall'],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'ill', 'NODE_EXTRA_CA_CERTS'],
  ['ENETUNREACH', 'unasked', 'no network'],
  ['SOMETHING_ELSE', 'ill', 'no answer: in its own words'],
])('%s is %s', (code, kind, why) => {
  expect(explainNoAnswer(code, 'in its own words')).toMatchObject({
    kind,
    why: expect.stringContaining(why),
  });
});
