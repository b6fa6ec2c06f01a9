import { createHmac } from 'node:crypto';
import type { Notifier } from './notifier.ts';
import { postJson } from './post-json.ts';

/**
 * The notice itself, as JSON. With a secret it is signed: `X-Waggle-Signature` is the HMAC-SHA256, in hex, of the time in
 * `X-Waggle-Time`, a dot, and the body. Who checks both knows that it is ours, and that nobody sends it again later.
 */
export const webhook: Notifier = {
  name: 'webhook',
  open({ settings: { NOTIFY_WEBHOOK_URL: url, NOTIFY_WEBHOOK_SECRET: secret } }) {
    if (!url) return undefined;
    return async (notice) => {
      const body = JSON.stringify(notice);
      const hmac =
        secret && createHmac('sha256', secret.reveal()).update(`${notice.at}.${body}`).digest('hex');
      await postJson(url.revealText(), body, {
        'x-waggle-time': notice.at,
        ...(hmac && { 'x-waggle-signature': `sha256=${hmac}` }),
      });
    };
  },
};
