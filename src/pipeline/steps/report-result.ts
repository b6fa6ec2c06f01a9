import type { Step } from '../step.ts';

export const reportResult: Step = {
  name: 'say what runs now',
  describe: () => ['every service with its replicas and image, as the cluster says it'],
  async run({ release, tools: { swarm, log } }) {
    const services = await swarm.readServices(release.stack);
    log.info(`release ${release.id} of ${release.stack} runs`);
    for (const { name, wanted, spec } of services.toSorted((a, b) => a.name.localeCompare(b.name)))
      log.info(`  ${name}: ${wanted} x ${spec.TaskTemplate?.ContainerSpec?.Image}`);
    return undefined;
  },
};
