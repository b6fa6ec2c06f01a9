import { DOCKER_THERE } from '../../shared/docker-socket.ts';
import { type Checkup, fine, onEachHost, problem, warning } from '../checkup.ts';

const GIB = 2 ** 30;
/** A pull needs room for the layers, packed and unpacked. */
const [FEW, LITTLE] = [1 * GIB, 5 * GIB];

export const disk: Checkup = {
  name: 'disk',
  async look({ hosts }) {
    return onEachHost(hosts, async ({ remote }) => {
      const script = `df -Pk "$(${DOCKER_THERE} info --format "{{.DockerRootDir}}")" | tail -n 1`;
      const { stdout } = await remote.run(script);
      const [, , , free = 'unknown'] = stdout.trim().split(/\s+/);
      const bytes = Number(free) * 1024;
      const said = `${(bytes / GIB).toFixed(1)} GiB are free for images`;
      const todo = 'docker image prune --all --filter until=168h';
      if (!(bytes >= 0)) return [warning('its free space cannot be read', script)];
      if (bytes < FEW) return [problem(said, todo)];
      return [bytes < LITTLE ? warning(said, todo) : fine(said)];
    });
  },
};
