import type { RegistryLogin } from './registry-login.ts';
import type { Secret } from './secret.ts';

const SHORT_LIVED: readonly (readonly [token: RegExp, what: string])[] = [
  [/^ghs_/, "a GitHub job's own token"],
  [/^glcbt-/, "a GitLab job's own token"],
  [/^ya29\./, "a token of Google's that expires"],
  [/^eyJ/, 'a token that expires'], // JSON in base64, as of Amazon's registry
];

/** Of the release's own token and of the user's other logins, each that is gone when a node pulls tomorrow, because a task moved. */
export function judgeTokens(own: Secret, others: readonly RegistryLogin[]): readonly string[] {
  const all = [
    { name: 'REGISTRY_TOKEN', token: own },
    ...others.map(({ registry, password }) => ({ name: `your login for ${registry}`, token: password })),
  ];
  return all.flatMap(({ name, token }) => {
    const [, what] = SHORT_LIVED.find(([pattern]) => pattern.test(token.revealText())) ?? [];
    return what ? [`${name} is ${what}: nodes that pull later cannot`] : [];
  });
}

export const LASTING_TOKEN = 'use a token that only reads packages and does not expire with the job';
