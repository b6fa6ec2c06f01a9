/** Joins chunks to lines: the mask would not find a secret that is split over two chunks. */
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
