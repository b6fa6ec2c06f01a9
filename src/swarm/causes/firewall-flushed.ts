import { type Cause, hostOf } from './cause.ts';

export const firewallFlushed: Cause = {
  name: 'firewall flushed',
  explain: ({ task: { error }, node }) =>
    /iptables[^:]*: No chain\/target\/match by that name/i.test(error)
      ? `the rules of Docker's are gone from the firewall of ${hostOf({ node })}, as after a reload of it: restart its engine`
      : undefined,
};
