import dns from 'node:dns';
import { onTestFinished, vi } from 'vitest';

/** For `shop.test`: its addresses, or an error, for the first look-up, the second, and so on; the last one stays. */
export function answerLookups(...answers: readonly (readonly string[] | 'EAI_AGAIN')[]): void {
  let count = 0;
  const real = dns.lookup;
  const lookup = (name: string, options: object, done: (...given: unknown[]) => void) => {
    if (name !== 'shop.test') return real(name, options, done as never);
    const answer = answers[Math.min(count++, answers.length - 1)] ?? [];
    if (typeof answer === 'string') return done(Object.assign(new Error(answer), { code: answer }));
    done(
      null,
      answer.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    );
  };
  const spy = vi.spyOn(dns, 'lookup').mockImplementation(lookup as never);
  onTestFinished(() => spy.mockRestore());
}
