import { type Cause, hostOf } from './cause.ts';

export const stillPreparing: Cause = {
  name: 'still preparing',
  explain: ({ task: { state }, node }) =>
    state === 'preparing'
      ? `${hostOf({ node })} still pulls its image, or mounts its volumes: \`journalctl --unit docker\` there tells what it waits for`
      : undefined,
};
