import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseStack } from '../../src/config/parse-stack.ts';
import { renderStack } from '../../src/plan/render-stack.ts';
import { release } from '../fakes/inputs.ts';

const DIGESTS = { 'r.io/team/api:abc1234': 'sha256:aa', 'redis:7': 'sha256:bb' };

/** What Docker makes of the file on the manager, where only sensitive values are in the environment. */
function readBack(text: string, environment: Record<string, string> = {}): Record<string, unknown> {
  const { document, problems } = parseStack('stack.yml', text, (name) => environment[name]);
  expect(problems).toEqual([]);
  return document;
}

test('pins every image, drops build, and refers to sensitive values by name', () => {
  const rendered = renderStack(release(), DIGESTS);
  expect(rendered).not.toContain('hunter2');
  expect(readBack(rendered, { B2_APP_KEY: 'from the environment' })).toEqual({
    services: {
      api: {
        image: 'r.io/team/api:abc1234@sha256:aa',
        environment: { B2_BUCKET_NAME: 'bucket', B2_APP_KEY: 'from the environment' },
        deploy: { replicas: 1 },
      },
      redis: { image: 'redis:7@sha256:bb' },
    },
    secrets: { secret_key: { external: true, name: 'shop_secret_key_abc1234_20260413120000' } },
  });
});

test('an image without a digest is never rendered, one that is pinned is left alone', () => {
  expect(() => renderStack(release(), {})).toThrow('no digest is known for r.io/team/api:abc1234');
  const pinned = release({}, { 'stack.yml': 'services: {a: {image: "x@sha256:cc"}}\n' });
  expect(renderStack(pinned, {})).toContain('"x@sha256:cc"');
});

test('any value survives the way through the file and through Docker', () => {
  const stack = 'services: {a: {image: "x@sha256:cc", environment: {V: "${V}"}}}\n';
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (value) => {
      const rendered = renderStack(release({ environment: { V: value } }, { 'stack.yml': stack }), {});
      expect(readBack(rendered)).toMatchObject({ services: { a: { environment: { V: value } } } });
    }),
  );
});
