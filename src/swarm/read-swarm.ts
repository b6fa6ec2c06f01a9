import type Docker from 'dockerode';
import type { NetworkInspectInfo } from 'dockerode';
import { STACK_NAMESPACE } from '../plan/labels.ts';
import type { SwarmReads } from '../shared/swarm.ts';
import { TimeLimit } from '../shared/time-limit.ts';
import { ask, undefinedIfMissing } from './ask.ts';
import { LOG_MS, streamLog } from './stream-log.ts';
import {
  type ApiNode,
  type ApiObject,
  type ApiService,
  type ApiTask,
  viewNetwork,
  viewNode,
  viewObject,
  viewService,
  viewTask,
} from './views.ts';

const ofStack = (stack: string) => ({ label: [`${STACK_NAMESPACE}=${stack}`] });

export function swarmReads(docker: Docker): SwarmReads {
  return {
    async readNodes() {
      const nodes = await ask('list the nodes', () => docker.listNodes() as Promise<unknown>);
      return (nodes as ApiNode[]).map(viewNode);
    },
    async readManager() {
      const { Swarm } = await ask('read the engine', () => docker.info());
      return { isManager: Swarm.ControlAvailable === true, problem: Swarm.Error ?? '' };
    },
    async readServices(stack) {
      const options = { status: true, ...(stack !== undefined && { filters: ofStack(stack) }) };
      const services = await ask('list the services', () => docker.listServices(options) as Promise<unknown>);
      return (services as ApiService[]).map(viewService);
    },
    async readTasks(stack, which = 'all') {
      const current = which === 'current' ? { '_up-to-date': ['true'] } : {};
      const filters = JSON.stringify({ ...ofStack(stack), ...current });
      const tasks = await ask('list the tasks', () => docker.listTasks({ filters }) as Promise<unknown>);
      return (tasks as ApiTask[]).map(viewTask);
    },
    async readTaskLog(id, lines) {
      const source = { kind: 'task', id, isTerminal: false } as const;
      const said: string[] = [];
      const wish = { follow: false, since: 0, tail: lines } as const;
      using limit = new TimeLimit(LOG_MS);
      for await (const { text } of streamLog(docker, source, wish, limit.signal))
        if (text.trim() !== '') said.push(text);
      return said.slice(-lines);
    },
    streamLog: (source, wish, signal, onProblem) => streamLog(docker, source, wish, signal, onProblem),
    async readTaskTemplates(stack) {
      const filters = JSON.stringify(ofStack(stack));
      const tasks = await ask('list the tasks', () => docker.listTasks({ filters }) as Promise<unknown>);
      return new Map((tasks as ApiTask[]).map(({ ID, Spec }) => [ID, Spec]));
    },
    async readAllTasks() {
      const filters = JSON.stringify({ 'desired-state': ['running', 'ready'] });
      const tasks = await ask('list the tasks', () => docker.listTasks({ filters }) as Promise<unknown>);
      return (tasks as ApiTask[]).map(viewTask);
    },
    async readNetworks(stack) {
      const options = stack === undefined ? {} : { filters: ofStack(stack) };
      const [listed, others] = await Promise.all([
        ask('list the networks', () => docker.listNetworks(options)),
        stack === undefined ? readNodeNetworks(docker) : [],
      ]);
      return [...listed, ...others].map(viewNetwork);
    },
    async readObjects(kind) {
      const list = () => (kind === 'secret' ? docker.listSecrets() : docker.listConfigs());
      const objects = await ask(`list the ${kind}s`, list as () => Promise<unknown>);
      return (objects as ApiObject[]).map(viewObject);
    },
  };
}

/** The Swarm's names for networks of every node, which no list has; there are none until a service asks for one. */
async function readNodeNetworks(docker: Docker): Promise<readonly NetworkInspectInfo[]> {
  const reading = ['host', 'bridge'].map((name) =>
    ask(`read the network ${name}`, () =>
      scoped(docker.getNetwork(name)).inspect({ scope: 'swarm' }).catch(undefinedIfMissing),
    ),
  );
  return (await Promise.all(reading)).filter((network) => network !== undefined);
}

/** dockerode takes a scope; its types do not say so. */
function scoped(network: Docker.Network): { inspect(options: object): Promise<NetworkInspectInfo> } {
  return network as never;
}
