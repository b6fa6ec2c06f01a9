import { redisAddress, version } from './environment.ts';
import { hasFault } from './faults.ts';
import { takeJobs } from './jobs.ts';
import { watchRedis } from './redis-health.ts';
import { requireSecrets } from './secrets.ts';
import { sendJson, serve } from './serve.ts';
import { endOnSignal } from './shutdown.ts';

requireSecrets('postgres_password', 'email_host_password', 'fcm_server_key', 'apns_auth_key');
if (hasFault('worker-crash')) {
  process.stderr.write('worker: cannot parse the job schema (planted fault)\n');
  process.exit(1);
}

let done = 0;
const redisHealth = watchRedis(redisAddress());
const server = serve('worker', Number(process.env.HEALTH_PORT || 6060), {
  '/health': async (response) => {
    const redis = await redisHealth();
    sendJson(response, 200, { status: 'ok', service: 'worker', version, redis, done });
  },
});

const work = new AbortController();
endOnSignal(server, () => work.abort());
const events = {
  // Not what is in it: a job may hold personal data.
  job: () => process.stdout.write(`job ${++done} done\n`),
  away: (reason: string) => process.stderr.write(`worker: redis is away, trying again: ${reason}\n`),
};
void takeJobs(redisAddress(), events, work.signal);
