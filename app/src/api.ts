import { redisAddress, storageBackend, version } from './environment.ts';
import { hasFault } from './faults.ts';
import { watchRedis } from './redis-health.ts';
import { requireSecrets } from './secrets.ts';
import { sendJson, serve } from './serve.ts';
import { endOnSignal } from './shutdown.ts';

requireSecrets('postgres_password', 'secret_key');
const redisHealth = watchRedis(redisAddress());

const server = serve('api', Number(process.env.PORT || 8000), {
  '/': (response) => sendJson(response, 200, { service: 'api', version }),
  // The container's own check: is the process alive. It must not depend on anybody else.
  '/live': (response) => sendJson(response, 200, { status: 'ok' }),
  '/health': async (response) => {
    const [code, status] = hasFault('api-unhealthy') ? [503, 'unhealthy'] : [200, 'ok'];
    const redis = await redisHealth();
    sendJson(response, code, { status, service: 'api', version, storage: storageBackend(), redis });
  },
});
endOnSignal(server);
