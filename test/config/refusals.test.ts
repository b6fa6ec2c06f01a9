import { expect, test } from 'vitest';
import { DeployError } from '../../src/shared/errors.ts';
import { refusals, refusalsOfSwarm } from '../corpus/refusals.ts';
import { release } from '../fakes/inputs.ts';

test.each([...refusals, ...refusalsOfSwarm])('$text', ({ text, message, line }) => {
  try {
    release({}, text, { objects: {} });
  } catch (error) {
    const { details } = error as DeployError;
    expect(error).toBeInstanceOf(DeployError);
    expect(details).toHaveLength(1);
    expect(details[0]).toContain(message);
    expect(details[0]).toMatch(new RegExp(`^deploy/stack.yml:${line}:`));
    return;
  }
  expect.unreachable('nothing was said about it');
});
