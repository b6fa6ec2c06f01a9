import { afterEach } from 'vitest';
import { labUp } from './lab.ts';
import { tellLab } from './tell-lab.ts';

/** For proofs: what the lab looked like when a test failed, before the next one changes it. */
afterEach(async ({ task }) => {
  if (task.result?.state === 'fail') console.error(`${task.name}\n${await tellLab(await labUp())}`);
});
