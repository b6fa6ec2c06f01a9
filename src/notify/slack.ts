import { shortCommit } from '../shared/short-commit.ts';
import type { Notice, Notifier } from './notifier.ts';
import { postJson } from './post-json.ts';

/** An incoming webhook of Slack, or of what takes the same: Mattermost, Rocket.Chat, Discord's /slack. */
export const slack: Notifier = {
  name: 'Slack',
  open({ settings: { NOTIFY_SLACK_URL: url } }) {
    if (!url) return undefined;
    return async (notice) => {
      await postJson(url.revealText(), JSON.stringify({ text: describeNotice(notice) }));
    };
  },
};

const SIGNS = {
  started: ':hourglass_flowing_sand:',
  succeeded: ':white_check_mark:',
  failed: ':x:',
} as const;

export function describeNotice({ event, stack, tag, commit, who, code, reason }: Notice): string {
  const what = `${stack} ${tag}${commit ? ` (${shortCommit(commit)})` : ''}`;
  const told = {
    started: `${who} deploys ${what}`,
    succeeded: `${what} runs, deployed by ${who}`,
    failed: `${what} was not deployed by ${who}: ${reason} (${code})`,
  };
  // Slack reads < > & as its own.
  const text = told[event].replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return `${SIGNS[event]} ${text}`;
}
