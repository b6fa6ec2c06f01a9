import { guarded } from '../../shared/retry-on-disconnect.ts';
import type { SwarmChanges, SwarmRecords } from '../../shared/swarm.ts';
import type { Remote, Tools } from '../../shared/tools.ts';

/** Tools that call `confirm` before each change and each retry: a run that has lost its lock stops there. */
export function fence(tools: Tools, confirm: () => Promise<void>): Tools {
  const { swarm, remote, hosts } = tools;
  const after =
    <Given extends readonly unknown[], Result>(change: (...given: Given) => Promise<Result>) =>
    async (...given: Given): Promise<Result> => {
      await confirm();
      return guarded(confirm, () => change(...given));
    };
  const fenced = (shell: Remote): Remote => ({
    get address() {
      return shell.address;
    },
    run: after((script, options) => shell.run(script, options)),
  });
  const changes: SwarmChanges & Omit<SwarmRecords, 'readRecords' | 'readVersion'> = {
    createObject: after(swarm.createObject),
    createService: after(swarm.createService),
    createNetwork: after(swarm.createNetwork),
    updateService: after(swarm.updateService),
    removeService: after(swarm.removeService),
    removeObject: after(swarm.removeObject),
    removeNetwork: after(swarm.removeNetwork),
    createRecord: after(swarm.createRecord),
    relabelRecord: after(swarm.relabelRecord),
    removeRecord: after(swarm.removeRecord),
  };
  return {
    ...tools,
    swarm: { ...swarm, ...changes },
    remote: fenced(remote),
    hosts: hosts.map((host) => ({ ...host, remote: fenced(host.remote) })),
  };
}
