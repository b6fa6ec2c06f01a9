import { type Checkup, fine, problem, warning } from '../checkup.ts';

/** Every node is there, and takes tasks. */
export const nodes: Checkup = {
  name: 'nodes',
  async look({ nodes: all }) {
    const found = all.flatMap(({ hostname, state, availability }) => {
      if (state === 'unknown')
        return [
          problem(
            `${hostname} has not been heard of since a leader was elected`,
            'ask again in a minute; if it is not back, start Docker there',
          ),
        ];
      if (state !== 'ready')
        return [problem(`${hostname} is ${state}`, 'start Docker there, or remove it: docker node rm')];
      if (availability !== 'active')
        return [
          warning(
            `${hostname} is set to ${availability}: it takes no tasks`,
            `docker node update --availability active ${hostname}`,
          ),
        ];
      return [];
    });
    return found.length > 0 ? found : [fine(`all ${all.length} are ready and active`)];
  },
};
