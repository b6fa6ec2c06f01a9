import type { Notice, Notifier, NotifyContext } from './notifier.ts';
import { postJson } from './post-json.ts';

const STATES = { started: 'in_progress', succeeded: 'success', failed: 'failure' } as const;

/** A deployment of the commit, and its status: GitHub shows both next to the commit and the environment. */
export const githubDeployment: Notifier = {
  name: 'GitHub deployment',
  open({ settings: { NOTIFY_GITHUB_TOKEN: token }, environment }) {
    const repository = environment.GITHUB_REPOSITORY;
    if (!token || !repository) return undefined;
    const { GITHUB_API_URL: api = 'https://api.github.com' } = environment;
    const post = (path: string, body: object) =>
      postJson(`${api}/repos/${repository}/${path}`, JSON.stringify(body), {
        authorization: `Bearer ${token.revealText()}`,
        accept: 'application/vnd.github+json',
      });
    let deployment: number | undefined;
    return async (notice) => {
      deployment ??= parseId(await post('deployments', describeDeployment(notice, environment)));
      await post(`deployments/${deployment}/statuses`, describeStatus(notice));
    };
  },
};

/** GITHUB_SHA is the workflow's own commit: of an older tag that is deployed again it is another. */
function describeDeployment(
  { stack, tag, commit }: Notice,
  { GITHUB_SHA = '' }: NotifyContext['environment'],
): object {
  const ref = GITHUB_SHA.startsWith(commit) ? GITHUB_SHA : commit;
  return { ref: ref || tag, environment: stack, auto_merge: false, required_contexts: [] };
}

function describeStatus({ event, reason, tag, who }: Notice): object {
  const isLink = /^https?:/.test(who);
  return {
    state: STATES[event],
    description: (reason ?? tag).slice(0, 140),
    ...(isLink && { log_url: who }),
  };
}

function parseId(answer: unknown): number {
  const { id } = (answer ?? {}) as { id?: unknown };
  if (typeof id === 'number') return id;
  throw new Error('it made no deployment');
}
