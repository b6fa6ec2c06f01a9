import { readPairs } from '../../config/pairs.ts';
import type { StackDocument, StackRollout, StackService } from '../../config/stack-document.ts';
import type { ServiceSpec } from '../../shared/service-spec.ts';
import { STACK_NAMESPACE } from '../labels.ts';
import { nanoseconds, planContainer } from './plan-container.ts';
import { planMounts, planReferences } from './plan-mounts.ts';
import { planNetworks, planPorts } from './plan-network.ts';
import { planResources } from './plan-resources.ts';

/** A document in which nothing is left to fill in: no mark, every image with its digest where one is known. */
export interface SpecInput {
  readonly stack: string;
  readonly document: StackDocument;
}

/**
 * The spec that `docker stack deploy` makes of a service (docker/cli, cli/compose/convert). Names stand where the
 * engine puts ids of networks, secrets and configs. Tested against what Docker really made of the lab's corpus.
 */
export function planSpec({ stack, document }: SpecInput, name: string): ServiceSpec {
  const service = document.services?.[name] ?? {};
  const { deploy } = service;
  const spec = {
    Name: `${stack}_${name}`,
    Labels: stackLabels(stack, readPairs(deploy?.labels)),
    TaskTemplate: {
      ContainerSpec: {
        ...planContainer(service),
        Labels: stackLabels(stack, readPairs(service.labels)),
        Mounts: planMounts(stack, document, service),
        Secrets: planReferences(stack, service.secrets, document.secrets).map(
          ({ name: SecretName, file: File }) => ({
            File,
            SecretName,
          }),
        ),
        Configs: planReferences(stack, service.configs, document.configs).map(
          ({ name: ConfigName, file: File }) => ({
            File,
            ConfigName,
          }),
        ),
      },
      ...planLogging(service),
      Resources: planResources(deploy?.resources),
      ...planRestart(service),
      Placement: {
        Constraints: deploy?.placement?.constraints ?? [],
        Preferences: (deploy?.placement?.preferences ?? []).map(({ spread = '' }) => ({
          Spread: { SpreadDescriptor: spread },
        })),
        MaxReplicas: deploy?.placement?.max_replicas_per_node ?? 0,
      },
      Networks: planNetworks(stack, document, service, name),
    },
    EndpointSpec: { Mode: deploy?.endpoint_mode ?? 'vip', Ports: planPorts(service.ports) },
    Mode: planMode(deploy?.mode, deploy?.replicas),
    ...(deploy?.update_config && { UpdateConfig: planRollout(deploy.update_config) }),
    ...(deploy?.rollback_config && { RollbackConfig: planRollout(deploy.rollback_config) }),
  };
  return spec;
}

function stackLabels(
  stack: string,
  labels: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  return { ...labels, [STACK_NAMESPACE]: stack };
}

function planLogging({ logging }: StackService) {
  const { driver, options } = (logging ?? {}) as { driver?: string; options?: never };
  return logging ? { LogDriver: { Name: driver, Options: readPairs(options) } } : {};
}

function planRestart({ deploy }: StackService) {
  const policy = deploy?.restart_policy;
  if (!policy) return {};
  return {
    RestartPolicy: {
      Condition: policy.condition ?? 'any',
      Delay: nanoseconds(policy.delay),
      MaxAttempts: policy.max_attempts,
      Window: nanoseconds(policy.window),
    },
  };
}

function planMode(mode = 'replicated', replicas: number | undefined): NonNullable<ServiceSpec['Mode']> {
  if (mode === 'global') return { Global: {} };
  if (mode === 'global-job') return { GlobalJob: {} };
  if (mode === 'replicated-job')
    return { ReplicatedJob: { MaxConcurrent: replicas ?? 1, TotalCompletions: replicas ?? 1 } };
  return { Replicated: { Replicas: replicas ?? 1 } };
}

function planRollout(source: StackRollout): NonNullable<ServiceSpec['UpdateConfig']> {
  return {
    Parallelism: source.parallelism ?? 1,
    Delay: nanoseconds(source.delay),
    FailureAction: source.failure_action ?? 'pause',
    Monitor: nanoseconds(source.monitor),
    MaxFailureRatio: source.max_failure_ratio,
    Order: source.order ?? 'stop-first',
  };
}
