import { fault, redisAddress, storageBackend, version } from './environment.ts';
import { redisIsUp } from './redis.ts';
import { requireSecrets } from './secrets.ts';
import { sendJson, serve } from './serve.ts';

requireSecrets('postgres_password', 'secret_key');

serve(Number(process.env.PORT ?? 8000), {
  // The container's own check: is the process alive. It must not depend on anybody else.
  '/live': (response) => sendJson(response, 200, { status: 'ok' }),
  '/health': async (response) => {
    const healthy = fault !== 'api-unhealthy';
    const redis = (await redisIsUp(redisAddress())) ? 'up' : 'down';
    const status = healthy ? 'ok' : 'unhealthy';
    sendJson(response, healthy ? 200 : 503, {
      status,
      service: 'api',
      version,
      storage: storageBackend(),
      redis,
    });
  },
});
