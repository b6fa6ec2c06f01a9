import { type Address, Redis } from './redis.ts';

export type RedisHealth = 'up' | 'down';

const TIMEOUT_MS = 500;

/** Remembers its answer for a moment, so that health requests do not become a load on Redis. Never fails. */
export function watchRedis(address: Address, keepMs = 2000): () => Promise<RedisHealth> {
  let answer: Promise<RedisHealth> | undefined;
  let askedAt = 0;
  return () => {
    if (!answer || Date.now() - askedAt >= keepMs) {
      askedAt = Date.now();
      answer = ping(address).catch(() => 'down');
    }
    return answer;
  };
}

async function ping(address: Address): Promise<RedisHealth> {
  const redis = await Redis.connect(address, TIMEOUT_MS);
  try {
    return (await redis.ask(['PING'], TIMEOUT_MS)) === 'PONG' ? 'up' : 'down';
  } finally {
    redis.close();
  }
}
