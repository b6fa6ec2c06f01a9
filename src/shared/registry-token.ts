import type { Secret } from './secret.ts';

const SHORT_LIVED: readonly (readonly [token: RegExp, what: string])[] = [
  [/^ghs_/, "a GitHub job's own token"],
  [/^eyJ/, 'a token that expires'], // JSON in base64, as of Amazon's registry
];

/** What is wrong with a token that is gone when a node pulls tomorrow, because a task moved; undefined: nothing. */
export function judgeToken(token: Secret): string | undefined {
  const [, what] = SHORT_LIVED.find(([pattern]) => pattern.test(token.revealText())) ?? [];
  return what && `REGISTRY_TOKEN is ${what}: nodes that pull later cannot`;
}

export const LASTING_TOKEN = 'use a token that only reads packages and does not expire with the job';
