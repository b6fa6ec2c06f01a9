import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

// A lab of their own: tests would wipe what somebody looks at in the demo's.
process.env.WAGGLE_LAB ??= 'test';

/** What kills leaders comes last: a Swarm that has been through elections is not what the others are about. */
class FaultsLast extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isFault = ({ moduleId }: TestSpecification) =>
      /(faults|doctor|connection|blackout|runbooks)\.test/.test(moduleId);
    const sorted = await super.sort(files);
    return [...sorted.filter((file) => !isFault(file)), ...sorted.filter(isFault)];
  }
}

/** `unit` needs nothing but Node; `e2e` runs against labs, each a real three-manager Swarm. */
export default defineConfig({
  test: {
    sequence: { sequencer: FaultsLast },
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/e2e/**'],
          // A machine may be busy: only what hangs is to fail for its time.
          testTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          globalSetup: 'test/e2e/lab-setup.ts',
          // Waiting for a Swarm takes most of the time, so two of them share a machine well.
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
          testTimeout: 600_000,
          hookTimeout: 600_000,
        },
      },
    ],
  },
});
