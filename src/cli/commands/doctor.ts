import { FAILURES } from '../../shared/errors.ts';
import { type Command, envFlag, flagValue } from '../command.ts';

export const doctorCommand: Command = {
  name: 'doctor',
  summary: 'Check this machine, the cluster and the registry',
  examples: ['doctor', 'doctor --json'],
  printsResult: true,
  flags: { ...envFlag, json: { meaning: 'Print the findings as one JSON document' } },
  async run(context, given) {
    const { doctor } = await import('../../pipeline/doctor.ts');
    const format = given.flags.json ? 'json' : 'text';
    const examined = await doctor(context, { target: flagValue(given, 'env'), format });
    const isSick = examined.some(({ findings }) => findings.some(({ state }) => state === 'problem'));
    return isSick ? FAILURES.PREFLIGHT_FAILED : 0;
  },
};
