import type { Logger } from 'pino';

/**
 * What the core says: structured events, once. How they look is decided at the edge (cli/render-log.ts).
 * An event about a step carries `step` (its name) and, when it ends, `ms`.
 */
export type Log = Pick<Logger, 'info' | 'warn' | 'error'>;
