import type { ServiceSpec } from '../shared/service-spec.ts';
import { STACK_NAMESPACE } from './labels.ts';
import { helperName } from './service-name.ts';

/** The stack that one-off tasks belong to; not the operator's own. */
export const oneOffStack = (stack: string) => `${stack}-waggle-run`;

export interface OneOff {
  readonly stack: string;
  /** As the stack file names the service that it is like. */
  readonly service: string;
  /** Of this run and no other. */
  readonly id: string;
  /** In place of the service's own; empty: that. */
  readonly command: readonly string[];
}

/**
 * One task that is what the service is, `live`: image, networks, secrets, environment, volumes and limits. It is run
 * once, and serves nobody: it has no ports, none of the service's names in the network, and no health check.
 */
export function planOneOff({ stack, service, id, command }: OneOff, live: ServiceSpec): ServiceSpec {
  const { ContainerSpec = {}, Networks = [], ForceUpdate: _, ...template } = live.TaskTemplate ?? {};
  const { Hostname: __, ...container } = ContainerSpec;
  const labels = { [STACK_NAMESPACE]: oneOffStack(stack) };
  return {
    Name: helperName(oneOffStack(stack), `${service}_${id}`),
    Labels: labels,
    Mode: { Replicated: { Replicas: 1 } },
    TaskTemplate: {
      ...template,
      ContainerSpec: {
        ...container,
        ...(command.length > 0 && { Args: command }),
        Labels: labels,
        Healthcheck: { Test: ['NONE'] },
      },
      Networks: Networks.map(({ Target = '' }) => ({ Target })),
      RestartPolicy: { Condition: 'none' },
    },
  };
}
