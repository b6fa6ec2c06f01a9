import { expect, test } from 'vitest';
import { release } from '../../fakes/inputs.ts';

const stack = (version: string, lines: string, more = '') =>
  `version: "${version}"\nservices:\n  a:\n    image: b:1\n    ${lines}\n${more}`;

/** The first version of each is what `docker stack config` (CLI 28.2.2) takes it with. */
test.each([
  ['healthcheck: { test: a, start_interval: 1s }', '', '3.11', '3.12', 5],
  ['healthcheck: { test: a, start_period: 1s }', '', '3.3', '3.4', 5],
  ['deploy: { resources: { limits: { pids: 9 } } }', '', '3.8', '3.9', 5],
  ['deploy: { rollback_config: { parallelism: 1 } }', '', '3.6', '3.7', 5],
  ['oom_score_adj: 5', '', '3.12', '3.13', 5],
  ['init: true', '', '3', '3.7', 5],
  ['ports: ["80:80"]', '', '3.1', '3.2', 5],
  ['volumes: [{ type: tmpfs, target: /a, tmpfs: { size: 1 } }]', '', '3.5', '3.6', 5],
  ['user: a', 'networks:\n  n: { name: x }\n', '3.4', '3.5', 7],
  ['user: a', 'secrets:\n  s: { external: true, name: x }\n', '3.1', '3.5', 7],
])('%s %s is newer than %s, and of %s', (lines, more, before, since, line) => {
  const said = `is of version ${since}, and the file says ${before}: leave out version:`;
  const details = [expect.stringMatching(new RegExp(`^deploy/stack.yml:${line}:.*${said}$`))];
  expect(() => release({}, stack(before, lines, more), { objects: {} })).toThrow(
    expect.objectContaining({ details }),
  );
  expect(release({}, stack(since, lines, more), { objects: {} }).document.version).toBe(since);
});
