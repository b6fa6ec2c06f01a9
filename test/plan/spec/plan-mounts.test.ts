import { expect, test } from 'vitest';
import { planMounts } from '../../../src/plan/spec/plan-mounts.ts';
import { release } from '../../fakes/inputs.ts';

test('mounts a folder of a volume, as Docker does', () => {
  const volume = '{ type: volume, source: d, target: /d, volume: { subpath: a/b, nocopy: true } }';
  const text = `services:\n  a: { image: "x:1", volumes: [${volume}] }\nvolumes: { d: {} }\n`;
  const { document } = release({}, text);
  const [mount] = planMounts('shop', document, document.services?.a ?? {});
  expect(mount).toMatchObject({ Source: 'shop_d', VolumeOptions: { Subpath: 'a/b', NoCopy: true } });
});
