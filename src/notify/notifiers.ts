import type { Log } from '../shared/log.ts';
import { githubDeployment } from './github-deployment.ts';
import type { Notice, Notifier, NotifyContext } from './notifier.ts';
import { slack } from './slack.ts';
import { webhook } from './webhook.ts';

export const notifiers: readonly Notifier[] = [webhook, slack, githubDeployment];

/** Tells all that are wanted, at once. One that fails is a warning: it never fails a deploy. */
export function openNotifiers(context: NotifyContext, log: Log): (notice: Notice) => Promise<void> {
  const opened = notifiers.map(({ name, open }) => ({ name, tell: open(context) }));
  return async (notice) => {
    const telling = opened.map(({ name, tell }) =>
      tell?.(notice).catch((error: Error) => log.warn(`${name} was not told: ${error.message}`)),
    );
    await Promise.all(telling);
  };
}
