import type { Rule } from './rule.ts';

export const secretWhitespace: Rule = {
  id: 'secret-whitespace',
  level: 'warning',
  reason: 'a secret is sent byte for byte, and most programs do not expect what an editor adds to it',
  summary: ['has bytes that an editor added', 'have bytes that an editor added'],
  find: ({ values }) =>
    Object.entries(values.objects).flatMap(([id, { value, file }]) => {
      const found = id.startsWith('secret/') && file ? describeExtra(value.revealText()) : undefined;
      return file && found
        ? [{ file, subject: file, message: `${found}, which is sent as a part of the secret` }]
        : [];
    }),
};

function describeExtra(text: string): string | undefined {
  if (text.startsWith('\uFEFF')) return 'begins with a byte order mark';
  if (text.includes('\r\n')) return 'has line ends of Windows (CRLF)';
  const [, end = ''] = /^[^\n]*?(\s*)$/.exec(text) ?? [];
  if (end === '') return undefined;
  return end.includes('\n') ? 'ends with a line end' : 'ends with a blank';
}
