import { DeployError } from '../../shared/errors.ts';
import { type Command, envFlag, flagValue } from '../command.ts';

export const auditCommand: Command = {
  name: 'audit',
  arguments: '<verify>',
  summary: 'check that nobody has changed the record of a release',
  examples: ['audit verify'],
  printsResult: true,
  flags: envFlag,
  async run(world, given) {
    if (given.arguments[0] !== 'verify')
      throw new DeployError('USAGE', 'audit what?', { hint: 'waggle audit verify' });
    const { audit } = await import('../../pipeline/history/audit.ts');
    await audit(world, flagValue(given, 'env'));
    return undefined;
  },
};
