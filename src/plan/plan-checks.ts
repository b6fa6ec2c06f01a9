import type { Positions } from '../config/positions.ts';
import type { Problem } from '../config/problem.ts';
import type { StackDocument } from '../config/stack-document.ts';
import type { ServiceSpec } from '../shared/service-spec.ts';
import { STACK_NAMESPACE } from './labels.ts';
import { helperName } from './service-name.ts';

/** A command that tells, from inside the cluster, whether a service is healthy. */
export interface InnerCheck {
  /** As the stack file names it. */
  readonly service: string;
  readonly command: readonly string[];
}

/** The stack that the tasks which check belong to; not the operator's own. */
export const checkStack = (stack: string) => `${stack}-waggle-check`;

export function innerChecks({ services = {} }: StackDocument): readonly InnerCheck[] {
  return Object.entries(services).flatMap(([service, value]) => {
    const check = value['x-waggle']?.check;
    if (check === undefined) return [];
    return [{ service, command: typeof check === 'string' ? ['/bin/sh', '-c', check] : check }];
  });
}

/** `tellsSecret`: whether a text of the template refers to a secret. */
export function judgeChecks(
  template: StackDocument,
  positions: Positions,
  tellsSecret: (text: unknown) => boolean,
): readonly Problem[] {
  return innerChecks(template)
    .filter(({ command }) => tellsSecret(command))
    .map(({ service }) => ({
      ...positions.locate(['services', service, 'x-waggle', 'check']),
      message: `services.${service}.x-waggle.check holds a secret, for everybody to see: read it from /run/secrets`,
    }));
}

/** Docker's nanoseconds. */
const PAUSE = 2e9;

/**
 * A job that is what the service is, `live`, but runs the command: same image, networks, environment and secrets. Not
 * its names in the network, its volumes, ports or health check: it serves nobody.
 */
export function planCheck(stack: string, { service, command }: InnerCheck, live: ServiceSpec): ServiceSpec {
  const { ContainerSpec = {}, Resources = {}, Networks = [], ...template } = live.TaskTemplate ?? {};
  const { Mounts: _, Hostname: __, ...container } = ContainerSpec;
  const labels = { [STACK_NAMESPACE]: checkStack(stack) };
  return {
    Name: helperName(checkStack(stack), service),
    Labels: labels,
    Mode: { ReplicatedJob: { MaxConcurrent: 1, TotalCompletions: 1 } },
    TaskTemplate: {
      ...template,
      ContainerSpec: {
        ...container,
        Labels: labels,
        Command: command,
        Args: [],
        Healthcheck: { Test: ['NONE'] },
      },
      Resources: { Limits: Resources.Limits ?? {} },
      Networks: Networks.map(({ Target = '' }) => ({ Target })),
      RestartPolicy: { Condition: 'on-failure', Delay: PAUSE, MaxAttempts: 2 },
    },
  };
}
