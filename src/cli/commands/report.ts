import { type Command, envFlag, flagValue } from '../command.ts';

export const reportCommand: Command = {
  name: 'report',
  arguments: '[r41]',
  summary: 'Write a page that shows a deploy, and why it failed',
  examples: ['report', 'report r41 --out r41.svg'],
  printsResult: true,
  flags: {
    ...envFlag,
    out: { value: 'file', meaning: 'Write to this file: .html, or .svg for the timeline' },
  },
  async run(context, given) {
    const { writeReport } = await import('../../pipeline/history/report.ts');
    const [name] = given.arguments;
    await writeReport(context, { target: flagValue(given, 'env'), name, out: flagValue(given, 'out') });
    return undefined;
  },
};
