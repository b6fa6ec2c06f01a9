import { expect, test } from 'vitest';
import { KEY_LABEL, STACK_LABEL } from '../../../src/plan/labels.ts';
import { planIds, planRotation, requireObjects } from '../../../src/plan/pushes/plan-rotation.ts';
import type { Release, VersionedObject } from '../../../src/plan/release/release.ts';
import { facts, service } from '../../fakes/swarm.ts';

const made = (key: string, id: string) => ({
  id,
  name: `shop_${key}_${id}`,
  labels: { [STACK_LABEL]: 'shop', [KEY_LABEL]: key },
  createdAt: '2026-11-21T00:00:00Z',
});
const wanted = (kind: 'secret' | 'config', key: string): VersionedObject => ({
  ...{ kind, key, newName: `shop_${key}_new`, from: '', value: undefined, labels: {}, templating: undefined },
});
const objects = [wanted('secret', 'password'), wanted('secret', 'key'), wanted('config', 'settings')];
const using = (name: string, refs: object) =>
  service(`shop_${name}`, {
    spec: { Name: `shop_${name}`, TaskTemplate: { ContainerSpec: refs } },
    wanted: 2,
  });
const File = { Name: '/run/secrets/password', UID: '0' };
const api = using('api', {
  Secrets: [
    { SecretID: 's1', SecretName: 'shop_password_s1', File },
    { SecretID: 's2', SecretName: 'shop_key_s2' },
  ],
  Configs: [{ ConfigID: 'c1', ConfigName: 'shop_settings_c1' }],
});
const web = using('web', { Secrets: [{ SecretID: 's2', SecretName: 'shop_key_s2' }] });
const running = facts({
  services: [api, web],
  secrets: [made('password', 's1'), made('key', 's2'), { ...made('password', 's9'), labels: {} }],
  configs: [made('settings', 'c1')],
});
const plan = (keys: readonly string[], change = {}) =>
  planRotation(keys, { stack: 'shop', objects, facts: { ...running, ...change } });

test('only the services that use it get another spec, and only in that', () => {
  const planned = plan(['password']);
  expect(planned).toMatchObject({
    objects: [objects[0]],
    note: 'password for api',
    specs: [
      {
        TaskTemplate: {
          ContainerSpec: {
            Secrets: [
              { SecretID: '', SecretName: 'shop_password_new', File },
              { SecretID: 's2', SecretName: 'shop_key_s2' },
            ],
            Configs: [{ ConfigID: 'c1', ConfigName: 'shop_settings_c1' }],
          },
        },
      },
      web.spec,
    ],
    placements: [{ change: { name: 'api', starts: 2 } }, { change: { name: 'web', starts: 0 } }],
  });
});

test('several, a config among them', () => {
  expect(plan(['key', 'settings'])).toMatchObject({ note: 'key, settings for api, web' });
});

test('a version that holds this content already is used again', () => {
  const older = { ...running.reusable, 'secret/password': 'shop_password_s7' };
  expect(plan(['password'], { reusable: older })).toMatchObject({
    specs: [{ TaskTemplate: { ContainerSpec: { Secrets: [{ SecretName: 'shop_password_s7' }, {}] } } }, {}],
  });
});

test('what is not known is refused', () => {
  const objects = ['password', 'key'].map((key) => ({ key }));
  const release = { stack: 'shop', objects } as unknown as Release;
  expect(() => requireObjects(release, ['key', 'password'])).not.toThrow();
  expect(() => requireObjects(release, ['pasword'])).toThrow(
    expect.objectContaining({ code: 'USAGE', hint: expect.stringContaining('key, password') }),
  );
});

test('there is nothing to do for what has not changed', () => {
  const unchanged = { reusable: { 'secret/password': 'shop_password_s1' } };
  expect(plan(['password'], unchanged)).toBeUndefined();
  expect(plan(['password', 'settings'], unchanged)).toMatchObject({ note: 'settings for api' });
});

test('what was named only gets its id once it is there', () => {
  const planned = plan(['password', 'settings']);
  if (!planned || !('specs' in planned)) throw new Error('refused');
  const secrets = [{ ...made('password', 'new'), id: 's5' }];
  const configs = [{ ...made('settings', 'new'), id: 'c5' }];
  const [first, second] = planIds(planned.specs, { secrets, configs });
  expect(first?.TaskTemplate?.ContainerSpec).toMatchObject({
    Secrets: [{ SecretID: 's5', File }, { SecretID: 's2' }],
    Configs: [{ ConfigID: 'c5' }],
  });
  expect(second).toEqual(web.spec);
});
