import { type Checkup, fine, problem, warning } from '../checkup.ts';

/** The first with `docker stack config` and with the API that Waggle speaks. */
const LEAST = [20, 10] as const;

export const engines: Checkup = {
  name: 'engines',
  async look({ nodes }) {
    const old = nodes.filter(({ engine }) => isOlder(engine));
    if (old.length > 0)
      return old.map(({ hostname, engine }) =>
        problem(`${hostname} runs Docker ${engine}, which is older than ${LEAST.join('.')}`, 'upgrade it'),
      );
    const versions = [...new Set(nodes.map(({ engine }) => engine))].sort();
    if (versions.length < 2) return [fine(`Docker ${versions[0]} on every node`)];
    const shown = nodes.map(({ hostname, engine }) => `${hostname} ${engine}`).join(', ');
    return [
      warning(`the nodes run different versions: ${shown}`, 'upgrade one node after another, managers first'),
    ];
  },
};

function isOlder(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major < LEAST[0] || (major === LEAST[0] && minor < LEAST[1]);
}
