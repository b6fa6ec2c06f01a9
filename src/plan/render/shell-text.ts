/** A script of these lines. */
export function lines(...parts: readonly string[]): string {
  return `${parts.join('\n')}\n`;
}

/** One word of any POSIX shell, whatever is in it. */
export function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
