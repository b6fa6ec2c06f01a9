import { expect, test } from 'vitest';
import { familiarName, isImageName, registryName, registryOf } from '../../src/shared/image-name.ts';

test.each([
  ['redis:7', 'docker.io', 'redis:7'],
  ['acme/side:1', 'docker.io', 'acme/side:1'],
  ['docker.io/acme/side:1', 'docker.io', 'acme/side:1'],
  ['index.docker.io/acme/side:1', 'docker.io', 'acme/side:1'],
  ['docker.io/library/redis:7', 'docker.io', 'redis:7'],
  ['docker.io/library/a/b', 'docker.io', 'library/a/b'],
  ['r.io/acme/x', 'r.io', 'r.io/acme/x'],
  ['localhost/x', 'localhost', 'localhost/x'],
  ['registry:5000/x', 'registry:5000', 'registry:5000/x'],
])('%s is of %s and short for nothing but %s', (image, registry, familiar) => {
  expect(registryOf(image)).toBe(registry);
  expect(familiarName(image)).toBe(familiar);
  expect(isImageName(image)).toBe(true);
});

test.each([
  ['docker.io', 'docker.io'],
  ['https://index.docker.io/v1/', 'docker.io'],
  ['registry-1.docker.io', 'docker.io'],
  ['https://ghcr.io', 'ghcr.io'],
  ['r.io:5000', 'r.io:5000'],
])('%s is the registry %s', (written, name) => expect(registryName(written)).toBe(name));

test.each([
  'r.io/AcmeCorp/a',
  'https://r.io/a',
  'r.io/a:',
  'r.io/a:b:c',
  'r.io//a',
  'r.io/a/',
  '/a',
  'a b',
  '-a',
])('%s is no image name', (image) => expect(isImageName(image)).toBe(false));
