import { createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { ClusterSettings } from '../../src/config/settings.ts';
import type { Notice } from '../../src/notify/notifier.ts';
import { openNotifiers } from '../../src/notify/notifiers.ts';
import { describeNotice } from '../../src/notify/slack.ts';
import { silentLog } from '../../src/shared/recording-log.ts';
import { Secret } from '../../src/shared/secret.ts';

interface Heard {
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

let heard: Heard[] = [];
let answer: { status: number; body: string; headers?: Record<string, string> };
const server = createServer((incoming, outgoing) => {
  let text = '';
  incoming.on('data', (chunk) => (text += chunk));
  incoming.on('end', () => {
    heard.push({ url: incoming.url ?? '', headers: incoming.headers, text });
    outgoing.writeHead(answer.status, answer.headers).end(answer.body);
  });
});
let url = '';

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => void server.close());
beforeEach(() => {
  heard = [];
  answer = { status: 200, body: '{"id": 7}' };
});

const notice: Notice = {
  event: 'started',
  stack: 'shop',
  id: 'v1_20261122040000',
  tag: 'v1',
  commit: 'abc1234',
  who: 'https://github.com/lab/shop/actions/runs/42',
  at: '2026-11-22T04:00:00.000Z',
};
const failed: Notice = { ...notice, event: 'failed', code: 'UNHEALTHY', reason: 'it answered <503>' };

/** Tells these notices with these settings; gives what was warned. */
async function tell(
  settings: Record<string, string>,
  notices = [notice],
  environment = {},
): Promise<string[]> {
  const warned: string[] = [];
  const log = { ...silentLog, warn: (message: unknown) => warned.push(String(message)) };
  const secrets = Object.fromEntries(
    Object.entries(settings).map(([key, value]) => [key, new Secret(value)]),
  );
  const say = openNotifiers({ settings: secrets as unknown as ClusterSettings, environment }, log);
  for (const one of notices) await say(one);
  return warned;
}

test('nobody is told who did not ask', async () => {
  expect(await tell({})).toEqual([]);
  expect(heard).toEqual([]);
});

test('a webhook gets the notice, and can prove whose it is', async () => {
  await tell({ NOTIFY_WEBHOOK_URL: `${url}/hook`, NOTIFY_WEBHOOK_SECRET: 'hunter2' });
  const { headers = {}, text = '' }: Partial<Heard> = heard[0] ?? {};
  expect(JSON.parse(text)).toEqual(notice);
  const time = headers['x-waggle-time'];
  const hmac = createHmac('sha256', 'hunter2').update(`${time}.${text}`).digest('hex');
  expect(headers['x-waggle-signature']).toBe(`sha256=${hmac}`);
});

test('without a secret it is not signed', async () => {
  await tell({ NOTIFY_WEBHOOK_URL: url });
  expect(heard[0]?.headers['x-waggle-signature']).toBeUndefined();
});

test('Slack gets a line, with its own signs escaped', async () => {
  await tell({ NOTIFY_SLACK_URL: url }, [failed]);
  expect(JSON.parse(heard[0]?.text ?? '')).toEqual({ text: describeNotice(failed) });
  expect(describeNotice(failed)).toMatch(
    /^:x: shop v1 \(abc1234\) was not deployed by .*: it answered &lt;503&gt; \(UNHEALTHY\)$/,
  );
});

test('the deployment is of the commit that is deployed, not of the workflow that deploys it again', async () => {
  const environment = { GITHUB_API_URL: url, GITHUB_REPOSITORY: 'lab/shop', GITHUB_SHA: 'fedcba9876' };
  await tell({ NOTIFY_GITHUB_TOKEN: 'hunter2' }, [notice], environment);
  expect(JSON.parse(heard[0]?.text ?? '')).toMatchObject({ ref: 'abc1234' });
});

test('GitHub gets one deployment, and its statuses', async () => {
  const environment = { GITHUB_API_URL: url, GITHUB_REPOSITORY: 'lab/shop', GITHUB_SHA: 'abc1234def' };
  await tell({ NOTIFY_GITHUB_TOKEN: 'hunter2' }, [notice, failed], environment);
  expect(heard.map((one) => one.url)).toEqual([
    '/repos/lab/shop/deployments',
    '/repos/lab/shop/deployments/7/statuses',
    '/repos/lab/shop/deployments/7/statuses',
  ]);
  expect(heard[0]?.headers.authorization).toBe('Bearer hunter2');
  expect(JSON.parse(heard[0]?.text ?? '')).toMatchObject({ ref: 'abc1234def', environment: 'shop' });
  expect(JSON.parse(heard[2]?.text ?? '')).toEqual({
    state: 'failure',
    description: 'it answered <503>',
    log_url: 'https://github.com/lab/shop/actions/runs/42',
  });
});

test.each([
  ['refuses', { status: 500, body: 'hunter2' }, 'webhook was not told: it answered 500'],
  [
    'makes no deployment',
    { status: 200, body: '{}' },
    'GitHub deployment was not told: it made no deployment',
  ],
])('one that %s is a warning, and keeps the others from nothing', async (_what, given, warning) => {
  answer = given;
  const settings = { NOTIFY_WEBHOOK_URL: url, NOTIFY_GITHUB_TOKEN: 't' };
  const warned = await tell(settings, [notice], { GITHUB_API_URL: url, GITHUB_REPOSITORY: 'lab/shop' });
  expect(warned).toContain(warning);
  expect(heard).toHaveLength(2);
});

test.each([301, 302, 303, 307, 308])(
  'a redirect with %i is a warning, and is not followed',
  async (status) => {
    answer = { status, body: '', headers: { location: `${url}/new` } };
    const warned = await tell({ NOTIFY_WEBHOOK_URL: `${url}/old`, NOTIFY_SLACK_URL: `${url}/old` });
    const said = `was not told: it answered ${status}: set the URL that it redirects to`;
    expect(warned.sort()).toEqual([`Slack ${said}`, `webhook ${said}`]);
    expect(heard.map((one) => one.url)).toEqual(['/old', '/old']);
  },
);

test('one that is not there is a warning, without its address', async () => {
  const warned = await tell({
    NOTIFY_WEBHOOK_URL: 'http://127.0.0.1:9/token-hunter2',
    NOTIFY_SLACK_URL: 'no address hunter2',
  });
  expect(warned.sort()).toEqual([
    'Slack was not told: it cannot be reached',
    'webhook was not told: it cannot be reached',
  ]);
});
