import type { Cause } from './cause.ts';

export const portTaken: Cause = {
  name: 'port taken',
  explain({ task: { error } }) {
    const [, port] =
      /(?:Bind for|bind host port(?: for)?|listen \w+) \S*?:(\d+)\b.*(?:allocated|in use)/.exec(error) ?? [];
    return port && `something else on the node listens on port ${port}: \`ss -ltnp\` there tells what`;
  },
};
