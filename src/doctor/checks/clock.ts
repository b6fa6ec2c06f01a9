import { type Checkup, fine, onEachHost, warning } from '../checkup.ts';

/** Certificates, tokens and the order of releases go by the clock. */
const MOST_SECONDS = 5;

export const clock: Checkup = {
  name: 'clocks',
  async look({ hosts }) {
    return onEachHost(hosts, async ({ remote }) => {
      const asked = Date.now();
      const { stdout } = await remote.run('date +%s');
      const answered = Date.now();
      const theirs = Number(stdout.trim()) * 1000;
      // Seconds are cut off, and the answer was on its way for a while.
      const off = Math.max(asked - theirs - 1000, theirs - answered, 0) / 1000;
      if (off <= MOST_SECONDS) return [fine('its clock agrees with the one here')];
      return [
        warning(
          `its clock is ${Math.round(off)} s off the one here`,
          'timedatectl set-ntp true, there or here',
        ),
      ];
    });
  },
};
