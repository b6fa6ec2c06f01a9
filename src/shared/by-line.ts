/** Takes text in whatever pieces and gives it line by line: a secret in two pieces would not be known as one. */
export function byLine(say: (line: string) => void): { take(text: string): void; end(): void } {
  let rest = '';
  return {
    take(text) {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      lines.forEach(say);
    },
    end() {
      if (rest) say(rest);
      rest = '';
    },
  };
}
