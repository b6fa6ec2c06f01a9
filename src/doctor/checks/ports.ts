import { type Checkup, type Finding, fine, onEachHost, problem, warning } from '../checkup.ts';

/** What Swarm's nodes say to each other on. Over UDP, as on 4789 for the overlay networks, a stranger gets no answer. */
const GOSSIP = 7946;
const CONTROL = 2377;

export const ports: Checkup = {
  name: 'ports between nodes',
  async look({ nodes, hosts }) {
    return onEachHost(hosts, async ({ remote }) => {
      const targets = nodes.flatMap(({ hostname, address, role }) =>
        [GOSSIP, ...(role === 'manager' ? [CONTROL] : [])].map((port) => ({ hostname, address, port })),
      );
      const { stdout } = await remote.run(renderProbe(targets));
      if (stdout.trim() === 'unable')
        return [warning('it has neither bash nor nc to try ports with', 'install one of them')];
      const closed = new Set(stdout.split('\n').filter(Boolean));
      const found = targets
        .filter(({ address, port }) => closed.has(`${address} ${port}`))
        .map(
          ({ hostname, address, port }): Finding =>
            problem(
              `${hostname} (${address}) does not answer on ${port}/tcp`,
              `let the nodes reach each other there: ufw allow from <node> to any port ${port} proto tcp`,
            ),
        );
      return found.length > 0
        ? found
        : [
            fine(
              `${GOSSIP}/tcp and ${CONTROL}/tcp are open; ${GOSSIP}/udp and 4789/udp were not tried: nothing there answers a stranger, only what an overlay network carries tells`,
            ),
          ];
    });
  },
};

/** Prints those that do not take a connection within two seconds, all tried at once. */
function renderProbe(targets: readonly { readonly address: string; readonly port: number }[]): string {
  const tries = targets.map(({ address, port }) => `try '${address}' ${port} &`);
  return [
    'if command -v bash >/dev/null; then',
    `  try() { timeout 2 bash -c "exec 3<>/dev/tcp/$1/$2" 2>/dev/null || echo "$1 $2"; }`,
    'elif command -v nc >/dev/null; then try() { nc -z -w 2 "$1" "$2" 2>/dev/null || echo "$1 $2"; }',
    'else echo unable; exit; fi',
    ...tries,
    'wait',
  ].join('\n');
}
