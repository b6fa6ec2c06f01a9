import { probe } from '../../health/probe.ts';
import type { Release } from '../../plan/release.ts';
import type { Step } from '../step.ts';

export const checkHealth: Step = {
  name: 'check health',
  describe: (release) => healthUrls(release).map((url) => `${url} answers 2xx`),
  async run({ release, tools: { log, signal } }) {
    for (const url of healthUrls(release)) await probe(url, log, signal);
    return undefined;
  },
};

function healthUrls({ settings: { SKIP_HEALTHCHECK, DEPLOY_HEALTHCHECK_URL: url } }: Release): string[] {
  return SKIP_HEALTHCHECK || !url ? [] : [url];
}
