import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseStack } from '../../../src/config/parse-stack.ts';
import { renderStack, renderTemplate } from '../../../src/plan/render/render-stack.ts';
import { release } from '../../fakes/inputs.ts';

const FILLING = {
  versions: { 'secret/secret_key': 'shop_secret_key_v1' },
  digests: {},
  scale: {},
  images: {},
};
const DIGESTS = { 'r.io/team/api:abc1234': 'sha256:aa', 'redis:7': 'sha256:bb' };

/** What Docker makes of the file. */
function readBack(text: string, environment: Record<string, string> = {}): Record<string, unknown> {
  const { document, problems } = parseStack('stack.yml', text, (name) => environment[name]);
  expect(problems).toEqual([]);
  return document;
}

test.each([
  ['what is sent', renderStack, 'hunter2-b2'],
  ['what is kept', renderTemplate, 'from the environment'],
])('%s has every image pinned, and no build', (_what, render, B2_APP_KEY) => {
  const rendered = render(release(), { ...FILLING, digests: DIGESTS });
  expect(readBack(rendered, { B2_APP_KEY: 'from the environment', B2_BUCKET_NAME: 'bucket' })).toEqual({
    services: {
      api: {
        image: 'r.io/team/api:abc1234@sha256:aa',
        environment: { B2_BUCKET_NAME: 'bucket', B2_APP_KEY },
        deploy: { replicas: 1 },
      },
      redis: { image: 'redis:7@sha256:bb' },
    },
    secrets: { secret_key: { external: true, name: 'shop_secret_key_v1' } },
  });
});

test('an image without a digest is never rendered, one that is pinned is left alone', () => {
  expect(() => renderStack(release(), FILLING)).toThrow('no digest is known for r.io/team/api:abc1234');
  const pinned = release({}, { 'stack.yml': 'services: {a: {image: "x@sha256:cc"}}\n' });
  expect(renderStack(pinned, FILLING)).toContain('"x@sha256:cc"');
});

test('any value survives the way through the file and through Docker', () => {
  const stack = 'services: {a: {image: "x@sha256:cc", environment: {V: "${V}"}}}\n';
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (value) => {
      const planned = release({ environment: { V: value } }, stack);
      const expected = { services: { a: { environment: { V: value } } } };
      expect(readBack(renderStack(planned, FILLING))).toMatchObject(expected);
      expect(readBack(renderTemplate(planned, FILLING), { V: value })).toMatchObject(expected);
    }),
  );
});

test('names that YAML 1.1 takes for booleans are quoted, and what it takes for line ends is escaped', () => {
  const stack = 'services: {"off": {image: "x@sha256:cc", environment: {V: "${V}"}}}\n';
  const rendered = renderStack(release({ environment: { V: 'a \u2028 \u0085 \ufeff b' } }, stack), FILLING);
  expect(rendered).toContain('"off":');
  expect(rendered).toContain('a \\u2028 \\u0085 \\ufeff b');
});
