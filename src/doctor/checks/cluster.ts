import { type Checkup, fine, problem } from '../checkup.ts';

/** The two halves of a cluster that was forced to be new have one id, and a leader each. */
export const cluster: Checkup = {
  name: 'cluster',
  async look({ hosts }) {
    const seen = await Promise.all(
      hosts.map(async ({ name, containers }) => ({ name, ...(await containers.readMembership()) })),
    );
    const managers = seen.filter((one) => one.cluster !== '');
    const said = [...new Set(managers.map(describe))].map((group) => {
      const names = managers.filter((one) => describe(one) === group).map(({ name }) => name);
      return `${names.join(', ')}: ${group}`;
    });
    if (said.length <= 1) return said.map(fine);
    return said.map((text) =>
      problem(
        text,
        'name managers of one cluster in DEPLOY_MANAGER_HOST; where a cluster fell apart, let the others leave it (docker swarm leave --force) and join again',
      ),
    );
  },
};

const describe = ({ cluster: id, leader }: { readonly cluster: string; readonly leader: string }) =>
  `the cluster ${id}, led by ${leader || 'nobody'}`;
