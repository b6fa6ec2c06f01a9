import type { Address } from './redis.ts';

/** The version that was built into the image. */
export const version = process.env.APP_VERSION || 'dev';

const B2_KEYS = ['B2_ENDPOINT', 'B2_KEY_ID', 'B2_APP_KEY', 'B2_BUCKET_NAME'];

export function storageBackend(): 's3' | 'local' {
  return B2_KEYS.every((key) => process.env[key]) ? 's3' : 'local';
}

export function redisAddress(): Address {
  return { host: process.env.REDIS_HOST || 'redis', port: Number(process.env.REDIS_PORT || 6379) };
}
