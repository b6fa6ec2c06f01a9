import { DeployError } from '../../shared/errors.ts';
import { type Command, envFlag, flagValue } from '../command.ts';

export const auditCommand: Command = {
  name: 'audit',
  arguments: '<verify>',
  verbs: ['verify'],
  summary: 'Check that nobody changed the release records',
  examples: ['audit verify'],
  printsResult: true,
  flags: envFlag,
  async run(context, given) {
    if (given.arguments[0] !== 'verify')
      throw new DeployError('USAGE', 'audit what?', { hint: 'waggle audit verify' });
    const { audit } = await import('../../pipeline/history/audit.ts');
    await audit(context, flagValue(given, 'env'));
    return undefined;
  },
};
