import { type Cause, hostOf } from './cause.ts';

export const overlayBroken: Cause = {
  name: 'overlay broken',
  explain({ task: { error }, node }) {
    const [, why = ''] = /error creating vxlan interface: (.*)/.exec(error) ?? [];
    const where = hostOf({ node });
    if (/file exists/.test(why))
      return `${where} still has the interface of a network that is gone: restart its engine`;
    return /not supported/.test(why)
      ? `the kernel of ${where} has no vxlan, which overlay networks need: install the module (linux-modules-extra, on Ubuntu)`
      : undefined;
  },
};
