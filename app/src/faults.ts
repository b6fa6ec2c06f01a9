/**
 * Fault switches for rehearsals: what a deploy does about a broken release can only be tried with one.
 * Built into an image with `--build-arg FAULT=...`, and never set otherwise.
 */
export type Fault = 'api-unhealthy' | 'worker-crash';

export function hasFault(fault: Fault): boolean {
  return process.env.APP_FAULT === fault;
}
