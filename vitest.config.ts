import { defineConfig } from 'vitest/config';
import { WITHOUT_LAB } from './scripts/proof-table.ts';

// A lab of their own: tests would wipe what somebody looks at in the demo's.
process.env.WAGGLE_LAB ??= 'test';

/** These put something else in place of a module, which must not reach the next file. */
const ISOLATED = 'test/**/*.isolated.test.ts';

const proofsWithoutLab = WITHOUT_LAB.map((file) => `test/proof/${file}`);

const onLabs = {
  globalSetup: 'test/lab/lab-setup.ts',
  // They bound no duration: each wait has a deadline of its own, far beyond the worst that was seen.
  testTimeout: 3_600_000,
  hookTimeout: 3_600_000,
};

/** `unit` needs nothing but Node, `install` npm's registry too. The others run on labs, each a real three-manager Swarm. */
export default defineConfig({
  test: {
    // A machine may be busy: only what hangs is to fail for its time.
    expect: { poll: { timeout: 300_000 } },
    reporters: ['default', './test/lab/summary.ts'],
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/e2e/**', 'test/install/**', ISOLATED],
          globalSetup: 'test/app/build-app.ts',
          setupFiles: 'test/property-seed.ts',
          // What is pure has nothing to keep from the next file; a process for each would take twice as long.
          isolate: false,
          testTimeout: 300_000,
          hookTimeout: 300_000,
          // Many wait for a process, a server or a moment: more of them than there are processors.
          maxWorkers: 4,
        },
      },
      {
        extends: true,
        test: {
          name: 'unit-isolated',
          include: [ISOLATED],
          maxWorkers: 4,
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'install',
          include: ['test/install/*.test.ts'],
          testTimeout: 1_800_000,
          hookTimeout: 1_800_000,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          ...onLabs,
          name: 'e2e',
          include: ['test/e2e/*.test.ts'],
          // Waiting for a Swarm takes most of the time, so two of them share a machine well.
          maxWorkers: 2,
          sequence: { groupOrder: 2 },
        },
      },
      {
        extends: true,
        test: {
          ...onLabs,
          name: 'proof',
          include: ['test/proof/*.proof.ts'],
          exclude: proofsWithoutLab,
          setupFiles: 'test/lab/tell-failure.ts',
          maxWorkers: 1,
          sequence: { groupOrder: 3 },
        },
      },
      {
        extends: true,
        test: {
          name: 'proof-alone',
          include: proofsWithoutLab,
          testTimeout: 3_600_000,
          hookTimeout: 3_600_000,
          sequence: { groupOrder: 4 },
        },
      },
    ],
  },
});
