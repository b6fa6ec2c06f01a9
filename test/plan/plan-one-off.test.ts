import { expect, test } from 'vitest';
import { planOneOff } from '../../src/plan/plan-one-off.ts';

const live = {
  Name: 'shop_api',
  Labels: { 'com.docker.stack.namespace': 'shop' },
  Mode: { Replicated: { Replicas: 3 } },
  EndpointSpec: { Ports: [{ TargetPort: 80 }] },
  TaskTemplate: {
    ForceUpdate: 3,
    ContainerSpec: {
      Image: 'r.io/api:1@sha256:aa',
      Command: ['/entrypoint'],
      Args: ['serve'],
      Hostname: 'api',
      Env: ['A=1'],
      Secrets: [{ SecretID: 's1', SecretName: 'shop_key_1' }],
      Mounts: [{ Source: 'uploads' }],
      Healthcheck: { Test: ['CMD', 'true'] },
    },
    Networks: [{ Target: 'n1', Aliases: ['api'] }],
    RestartPolicy: { Condition: 'any' },
    Placement: { Constraints: ['node.role == manager'] },
  },
};

test('a one-off is what the service is, but serves nobody and runs once', () => {
  const labels = { 'com.docker.stack.namespace': 'shop-waggle-run' };
  expect(planOneOff({ stack: 'shop', service: 'api', id: '1f', command: ['sh', '-c', 'x'] }, live)).toEqual({
    Name: 'shop-waggle-run_api_1f',
    Labels: labels,
    Mode: { Replicated: { Replicas: 1 } },
    TaskTemplate: {
      ContainerSpec: {
        Image: 'r.io/api:1@sha256:aa',
        Command: ['/entrypoint'],
        Args: ['sh', '-c', 'x'],
        Env: ['A=1'],
        Secrets: [{ SecretID: 's1', SecretName: 'shop_key_1' }],
        Mounts: [{ Source: 'uploads' }],
        Labels: labels,
        Healthcheck: { Test: ['NONE'] },
      },
      Networks: [{ Target: 'n1' }],
      RestartPolicy: { Condition: 'none' },
      Placement: { Constraints: ['node.role == manager'] },
    },
  });
});

test('without a command it runs that of the service', () => {
  const { TaskTemplate } = planOneOff({ stack: 'shop', service: 'api', id: '1f', command: [] }, live);
  expect(TaskTemplate?.ContainerSpec?.Args).toEqual(['serve']);
});
