import { expect } from 'vitest';
import type { JobResult } from './github-job.ts';

const withoutMasks = (said: string) => said.replaceAll(/^::add-mask::.*$/gm, '');

/** Nothing secret is shown, but to GitHub, so that it hides it. */
export function expectSecrecy({ said, summary }: JobResult): void {
  const shown = withoutMasks(said) + summary;
  expect(shown).not.toMatch(/hunter2|PRIVATE KEY/);
  expect(shown).not.toContain('\u001b[');
  for (const line of ['apns-hunter2-never-shown', 'pg-hunter2-never-shown'])
    expect(said).toContain(`::add-mask::${line}`);
}

export function expectCode({ last, said }: JobResult, code = 0): void {
  expect(last.code, withoutMasks(said)).toBe(code);
}
