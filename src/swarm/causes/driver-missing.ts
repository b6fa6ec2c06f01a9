import { type Cause, hostOf } from './cause.ts';

export const driverMissing: Cause = {
  name: 'driver missing',
  explain({ task: { error }, node }) {
    const [, plugin] = /plugin "([^"]+)" not found/.exec(error) ?? [];
    const [, driver = plugin] = /no log driver named '([^']+)'/.exec(error) ?? [];
    return (
      driver &&
      `${hostOf({ node })} has no driver ${driver}: \`docker plugin install\` it on every node that the service may run on`
    );
  },
};
