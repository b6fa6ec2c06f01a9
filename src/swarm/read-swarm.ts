import type Docker from 'dockerode';
import type { SwarmReads } from '../shared/swarm.ts';
import { ask } from './ask.ts';
import {
  type ApiNode,
  type ApiService,
  type ApiTask,
  parseLogFrames,
  viewNode,
  viewService,
  viewTask,
} from './views.ts';

const ofStack = (stack: string) => ({ label: [`com.docker.stack.namespace=${stack}`] });

export function swarmReads(docker: Docker): SwarmReads {
  return {
    async readNodes() {
      const nodes = await ask('list the nodes', docker.listNodes() as Promise<unknown>);
      return (nodes as ApiNode[]).map(viewNode);
    },
    async readManager() {
      const { Swarm } = await ask('read the engine', docker.info());
      return { isManager: Swarm.ControlAvailable === true, problem: Swarm.Error ?? '' };
    },
    async readServices(stack) {
      const options = { filters: ofStack(stack), status: true };
      const services = await ask('list the services', docker.listServices(options) as Promise<unknown>);
      return (services as ApiService[]).map(viewService);
    },
    async readTasks(stack, which = 'all') {
      const current = which === 'current' ? { '_up-to-date': ['true'] } : {};
      const filters = JSON.stringify({ ...ofStack(stack), ...current });
      const tasks = await ask('list the tasks', docker.listTasks({ filters }) as Promise<unknown>);
      return (tasks as ApiTask[]).map(viewTask);
    },
    async readTaskLog(taskId, lines) {
      const options = { stdout: true, stderr: true, tail: lines };
      const frames = await ask('read a task log', taskOf(docker, taskId).logs(options));
      return parseLogFrames(Buffer.from(frames as Buffer)).slice(-lines);
    },
    async readNetworks(stack) {
      const networks = await ask('list the networks', docker.listNetworks({ filters: ofStack(stack) }));
      return networks.map(({ Id, Name }) => ({ id: Id, name: Name }));
    },
    async readSecrets(labels) {
      const label = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
      const secrets = await ask('list the secrets', docker.listSecrets({ filters: { label } }));
      return secrets.map(({ Spec, CreatedAt }) => ({
        name: Spec?.Name ?? '',
        labels: Spec?.Labels ?? {},
        createdAt: CreatedAt ?? '',
      }));
    },
  };
}

/** dockerode has task logs; its types do not. */
function taskOf(docker: Docker, id: string): { logs(options: object): Promise<unknown> } {
  return docker.getTask(id) as never;
}
