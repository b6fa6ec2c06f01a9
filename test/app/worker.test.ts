import { expect, test } from 'vitest';
import { waitAfter } from '../../app/src/jobs.ts';
import { fakeRedis } from './fake-redis.ts';
import { App } from './run-app.ts';

const BLPOP = 'BLPOP jobs 5';
const oneJob = '*2\r\n$4\r\njobs\r\n$7\r\nprivate\r\n';

/** Gives so many jobs, then stays silent as an empty list does. */
function withJobs(count: number) {
  let left = count;
  return ([command]: readonly string[]) => {
    if (command === 'PING') return '+PONG\r\n';
    return left-- > 0 ? oneJob : undefined;
  };
}

test('it takes jobs and never shows what is in them', async () => {
  const redis = await fakeRedis(withJobs(2));
  const app = new App('worker', { ...redis.env, APP_VERSION: 'a1b2c3d' });
  await app.said(/job 2 done/);
  const body = { status: 'ok', service: 'worker', version: 'a1b2c3d', redis: 'up', done: 2 };
  expect(await app.get('/health')).toEqual({ code: 200, body });
  expect(redis.commands.filter((command) => command !== 'PING')).toEqual([BLPOP, BLPOP, BLPOP]);
  expect(app.output).not.toContain('private');
});

test('it waits for a Redis that is away, and says so once', async () => {
  const app = new App('worker');
  await app.said(/redis is away, trying again: .*ECONNREFUSED/);
  expect((await app.get('/health')).body).toMatchObject({ status: 'ok', redis: 'down', done: 0 });
  await new Promise((done) => setTimeout(done, 600));
  expect(app.output.match(/redis is away/g)).toHaveLength(1);
});

test('it connects again after its connection was dropped', async () => {
  const jobs = withJobs(1);
  let asked = 0;
  const redis = await fakeRedis((words) => {
    if (words[0] !== 'BLPOP' || ++asked > 1) return jobs(words);
    redis.dropConnections();
    return undefined;
  });
  const app = new App('worker', redis.env);
  await app.said(/redis is away[\s\S]*job 1 done/);
});

test('the fault worker-crash ends it with a reason', async () => {
  const app = new App('worker', { APP_FAULT: 'worker-crash' });
  expect(await app.ended).toBe(1);
  expect(app.output).toBe('worker: cannot parse the job schema (planted fault)\n');
});

test('a fault of another service leaves it working', async () => {
  expect((await new App('worker', { APP_FAULT: 'api-unhealthy' }).get('/health')).code).toBe(200);
});

test('waits grow, up to a limit', () => {
  expect([0, 1, 2, 3, 4, 5, 100].map(waitAfter)).toEqual([250, 500, 1000, 2000, 4000, 5000, 5000]);
});
