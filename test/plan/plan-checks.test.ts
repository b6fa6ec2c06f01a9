import { expect, test } from 'vitest';
import { innerChecks, planCheck } from '../../src/plan/plan-checks.ts';
import { release } from '../fakes/inputs.ts';

test('a check is a job of the service, without what makes others find it', () => {
  const live = {
    Name: 'shop_api',
    Labels: { theirs: 'x' },
    EndpointSpec: { Ports: [{ TargetPort: 80 }] },
    TaskTemplate: {
      ContainerSpec: {
        Image: 'api@sha256:1',
        Args: ['serve'],
        Env: ['A=1'],
        Hostname: 'api',
        Mounts: [{ Target: '/data' }],
        Secrets: [{ SecretName: 'key' }],
      },
      Resources: { Limits: { MemoryBytes: 1 }, Reservations: { MemoryBytes: 1 } },
      Networks: [{ Target: 'n1', Aliases: ['api'] }],
      RestartPolicy: { Condition: 'any' },
    },
  };
  const labels = { 'com.docker.stack.namespace': 'shop-waggle-check' };
  expect(planCheck('shop', { service: 'api', command: ['test'] }, live)).toEqual({
    Name: 'shop-waggle-check_api',
    Labels: labels,
    Mode: { ReplicatedJob: { MaxConcurrent: 1, TotalCompletions: 1 } },
    TaskTemplate: {
      ContainerSpec: {
        Image: 'api@sha256:1',
        Command: ['test'],
        Args: [],
        Env: ['A=1'],
        Secrets: [{ SecretName: 'key' }],
        Labels: labels,
        Healthcheck: { Test: ['NONE'] },
      },
      Resources: { Limits: { MemoryBytes: 1 } },
      Networks: [{ Target: 'n1' }],
      RestartPolicy: { Condition: 'on-failure', Delay: 2e9, MaxAttempts: 2 },
    },
  });
});

test('a text goes through a shell, a list does not', () => {
  const services = {
    a: { 'x-waggle': { check: 'wget -qO- a | grep b' } },
    b: { 'x-waggle': { check: ['test', '-e', '/x'] } },
    c: {},
  };
  expect(innerChecks({ services })).toEqual([
    { service: 'a', command: ['/bin/sh', '-c', 'wget -qO- a | grep b'] },
    { service: 'b', command: ['test', '-e', '/x'] },
  ]);
});

test('a secret in a check is refused: everybody may read it', () => {
  const stack = 'services: { a: { image: "x:1", x-waggle: { check: "login ${B2_APP_KEY}" } } }';
  expect(() => release({}, stack)).toThrow(
    expect.objectContaining({ details: [expect.stringContaining('read it from /run/secrets')] }),
  );
});
