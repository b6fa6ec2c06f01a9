import { setTimeout as sleep } from 'node:timers/promises';
import { fault, redisAddress, version } from './environment.ts';
import { askRedis, redisIsUp } from './redis.ts';
import { requireSecrets } from './secrets.ts';
import { sendJson, serve } from './serve.ts';

const POLL_SECONDS = 5;

requireSecrets('postgres_password', 'email_host_password', 'fcm_server_key', 'apns_auth_key');
if (fault === 'worker-crash') {
  process.stderr.write('worker: cannot parse the job schema (planted fault)\n');
  process.exit(1);
}
let done = 0;
serve(Number(process.env.HEALTH_PORT ?? 6060), {
  '/health': async (response) => {
    const redis = (await redisIsUp(redisAddress())) ? 'up' : 'down';
    sendJson(response, 200, { status: 'ok', service: 'worker', version, redis, done });
  },
});
void workForEver();

/** Takes jobs one at a time; a Redis that is away is waited for. */
async function workForEver(): Promise<never> {
  for (;;) {
    const command = ['BLPOP', 'jobs', String(POLL_SECONDS)];
    const answer = await askRedis(redisAddress(), [command], (POLL_SECONDS + 1) * 1000).catch(
      () => undefined,
    );
    if (answer === undefined) await sleep(1000);
    if (answer?.startsWith('*2')) process.stdout.write(`job ${++done} done\n`);
  }
}
