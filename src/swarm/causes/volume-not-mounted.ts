import { type Cause, hostOf } from './cause.ts';

export const volumeNotMounted: Cause = {
  name: 'volume not mounted',
  explain({ task: { error }, node }) {
    const [, device] = /failed to mount local volume: mount (\S+):\/\S+\/volumes\//.exec(error) ?? [];
    return (
      device &&
      `${hostOf({ node })} cannot mount ${device}: look at the volume's driver_opts, and whether the node reaches what they name, and may mount it`
    );
  },
};
