/**
 * Stack files of a shape that Docker's parser or schema refuses: text, line, and what is said. Each was asked of
 * `docker stack config` (CLI 28.2.2), which refuses it as well.
 */
const SERVICE = 'services:\n  a:\n    image: b:1\n';

export const shapes: readonly (readonly [string, number, string])[] = [
  ['', 1, 'has no services'],
  ['services:\n', 1, 'services must be a map'],
  ['services: [a]\n', 1, 'services must be a map'],
  ['services: a\n', 1, 'services must be a map'],
  ['- a\n', 1, 'must be a map with services:'],
  ['services:\n  a:\n', 2, 'services.a must be a map'],
  ['services:\n  a: [b]\n', 2, 'services.a must be a map'],
  ['services:\n  a:\n    image: 5\n', 3, 'services.a.image must be text'],
  ['services:\n  a:\n    image: [b]\n', 3, 'services.a.image must be text'],
  ['services:\n  "a b": { image: "b:1" }\n', 2, 'is not a name that Docker accepts'],
  [`${SERVICE}secrets:\n  "a b": { external: true }\n`, 5, 'is not a name that Docker accepts'],
  [`${SERVICE}version: 3.8\n`, 4, 'version must be in quotes'],
  [`${SERVICE}version: "2"\n`, 4, 'version must be 3 or 3.0'],
  [`${SERVICE}    user: *nope\n`, 4, '*nope is not defined above'],
  ['services: &s\n  a: *s\n', 2, '*s stands within itself'],
  [`${SERVICE}    <<: hello\n`, 3, 'has a << that is not a map'],
  [`${SERVICE}    <<: [hello]\n`, 3, 'has a << that is not a map'],
  [`x-a: &a { user: x }\n${SERVICE}    <<: *a\n    <<: *a\n`, 4, 'has << twice'],
  [`${SERVICE}    environment:\n      ~: x\n`, 5, 'has no key'],
  [`${SERVICE}    environment:\n      ? [a, b]\n      : c\n`, 5, 'is not a valid key'],
  [`${SERVICE}    environment:\n      A: !!bool yes\n`, 5, 'is not what its tag !!bool says'],
  [`${SERVICE}    image: c:1\n`, 4, 'is a key that the map already has'],
  [`${SERVICE}    deploy: { placement: { constraints: node.role == manager } }\n`, 4, 'must be a list'],
  [`${SERVICE}    build: { context: ., args: [1] }\n`, 4, 'must be NAME=value'],
  [`${SERVICE}    labels: [1]\n`, 4, 'must be NAME=value'],
  [`${SERVICE}    labels: { "": x }\n`, 4, 'has a value without a name'],
  [`${SERVICE}    labels: [a, a]\n`, 4, 'is in the list already'],
  [`${SERVICE}    cap_add: [A, A]\n`, 4, 'is in the list already'],
  [`${SERVICE}    command:\n`, 4, 'command must be'],
  [`${SERVICE}    command: [a, 5]\n`, 4, 'must be text: put it in quotes'],
  [`${SERVICE}    command: [a, 2026-01-02]\n`, 4, 'is read as a time: put 2026-01-02 in quotes'],
  [`${SERVICE}    command: [a, true]\n`, 4, 'must be text: put it in quotes'],
  [`${SERVICE}    tty: yes\n`, 4, 'must be true or false'],
  [`${SERVICE}    init: on\n`, 4, 'must be true or false'],
  [`${SERVICE}networks:\n  n: { internal: yes }\n`, 5, 'must be true or false'],
  [`${SERVICE}networks:\n  n: { attachable: on }\n`, 5, 'must be true or false'],
  [`${SERVICE}networks:\n  n: { external: y }\n`, 5, 'must be true or false'],
  [`${SERVICE}networks:\n  n: { driver_opts: [a=b] }\n`, 5, 'must be a map'],
  [`${SERVICE}    logging: { driver: x, options: [a=b] }\n`, 4, 'must be a map'],
  [`${SERVICE}    ulimits: { nofile: { soft: 5 } }\n`, 4, 'needs hard, too'],
  [`${SERVICE}    deploy: { replicas: -1 }\n`, 4, 'must be a whole number, not below 0'],
  [`${SERVICE}    deploy: { x-a: 1 }\n`, 4, 'deploy.x-a is not a key'],
  [`${SERVICE}    stop_grace_period: 99999999h\n`, 4, 'must be a duration'],
  [`${SERVICE}secrets:\n  s: { external: true, name: 5 }\n`, 5, 'must be text'],
];

/** Docker's limit is another than ours, but it has one. */
const bomb = ['x', 'a', 'b', 'c', 'd', 'e', 'f'].map((name, at, all) => {
  const value = at === 0 ? 'x' : `*${all[at - 1]}`;
  return `x-${name}: &${name} [${Array.from({ length: 9 }, () => value).join(', ')}]\n`;
});
export const aliasBomb = `${SERVICE}${bomb.join('')}`;
