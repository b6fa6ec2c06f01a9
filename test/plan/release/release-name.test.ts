import { expect, test } from 'vitest';
import { LONGEST_NAME, planDeployId, planObjectName } from '../../../src/plan/release/release-name.ts';

const NOW = new Date('2026-04-13T12:00:00Z');
const SHA = '0123456789abcdef0123456789abcdef01234567';

test.each([
  ['shop', 'pw', 'v1.4.2', 'shop_pw_v1.4.2_20260413120000'],
  ['shop', 'pw', SHA, 'shop_pw_0123456789abcdef0123456789abcdef01234567_20260413120000'],
  ['shop', 'email_host_password', SHA, 'shop_email_host_password_0123456789abcdef01234567_20260413120000'],
  ['shop', 'x'.repeat(42), SHA, `shop_${'x'.repeat(42)}_0_20260413120000`],
  ['shop', 'x'.repeat(43), SHA, `shop_${'x'.repeat(43)}_20260413120000`],
])('%s, %s, %s', (stack, key, tag, name) => {
  const planned = planObjectName(stack, key, planDeployId(tag, NOW));
  expect(planned).toBe(name);
  expect(planned.length).toBeLessThanOrEqual(LONGEST_NAME);
});
