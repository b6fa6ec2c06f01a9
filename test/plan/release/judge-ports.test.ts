import { expect, test } from 'vitest';
import { planned } from '../../fakes/inputs.ts';

function problemsOf(services: string): readonly string[] {
  try {
    planned({}, `services:\n${services}\n`, { objects: {} }).release();
  } catch (error) {
    return (error as { details: readonly string[] }).details;
  }
  return [];
}
const service = (name: string, rest: string) => `  ${name}: { image: "b:1", ${rest} }`;

test.each([
  ['ports: ["80:80", "80:81"]', 'services.a.ports.1 publishes 80/tcp, as a does'],
  ['ports: ["80-82:80-82", "81:81"]', 'services.a.ports.3 publishes 81/tcp'],
  ['ports: ["80:80", { target: 81, published: 80, mode: host }]', 'publishes 80/tcp'],
  ['ports: ["80", "80"]', 'services.a.ports.1 is in the list already'],
  ['ports: [{ target: 80 }, { target: 80 }]', 'services.a.ports.1 is in the list already'],
  ['ports: ["80:80"], deploy: { endpoint_mode: dnsrr }', 'is for the routing mesh'],
])('%s is refused', (rest, message) => {
  expect(problemsOf(service('a', rest))).toEqual([expect.stringContaining(message)]);
  expect(problemsOf(service('a', rest))[0]).toMatch(/^deploy\/stack.yml:2:/);
});

test('one port of two services is refused, unless each has it of its own node', () => {
  const both = (mode: string) =>
    ['a', 'c']
      .map((name) => service(name, `ports: [{ target: 80, published: 80, mode: ${mode} }]`))
      .join('\n');
  expect(problemsOf(both('ingress'))).toEqual([
    expect.stringMatching(/^deploy\/stack.yml:3:.* services.c.ports.0 publishes 80\/tcp, as a does/),
  ]);
  expect(problemsOf(both('host'))).toEqual([]);
});

test.each(['ports: ["80:80", "80:80/udp"]', 'ports: ["80", "81"]', 'ports: ["80:80", "81:80"]'])(
  '%s is taken',
  (rest) => {
    expect(problemsOf(service('a', rest))).toEqual([]);
  },
);
