import { expect, test } from 'vitest';
import { planText } from './plan-text.ts';

const image = (name: string) => `\${REGISTRY}/\${REGISTRY_NAMESPACE}/${name}:\${DEPLOY_TAG}`;

/** [what, compose file, stack file, files that can be configs] */
const ROWS: readonly (readonly [string, string, string, Parameters<typeof planText>[1]?])[] = [
  [
    'numbers, quotes and comments stay byte for byte',
    `# top
services:
  a: {image:   "x:1",   environment: {REV: 0012, N: 1_000}}   # end
  b:
    image: 'y:2'
    secrets:
    - {source: s, mode: 0400}
    - source: t
      mode: 01777


    command: >
      one
        two
`,
    `# top
services:
  a: {image:   "x:1",   environment: {REV: 0012, N: 1_000}}   # end
  b:
    image: 'y:2'
    secrets:
    - {source: s, mode: 0400}
    - source: t
      mode: 01777


    command: >
      one
        two
`,
  ],
  [
    'an anchor with a build and an env_file, merged into services',
    `x-app: &app
  build: .
  env_file: [.env, "./more.env"]
services:
  web: { <<: *app, command: web }
  worker:
    <<: *app
    command: worker
`,
    `x-app: &app
  image: ${image('app')}
  build: ..
  env_file: [../.env, "../more.env"]
services:
  web: { <<: *app, command: web }
  worker:
    <<: *app
    command: worker
`,
  ],
  [
    'a service as anchor, and one that builds otherwise',
    `services:
  web: &web
    build: ./web
  job:
    <<: *web
    build: { context: ./web, target: job }
  twin: *web
`,
    `services:
  web: &web
    image: ${image('web')}
    build: ../web
  job:
    <<: *web
    image: ${image('job')}
    build: { context: ../web, target: job }
  twin: *web
`,
  ],
  [
    'a build that is an alias',
    `x-b: &b { dockerfile: Prod }
services:
  a: { build: *b }
  b:
    build: *b
`,
    `x-b: &b { context: "..", dockerfile: Prod }
services:
  a: { image: "${image('a')}", build: *b }
  b:
    image: ${image('b')}
    build: *b
`,
  ],
  [
    'images that are built',
    `services:
  a: { build: ., image: myapp }
  b:
    build: .
    image: registry.test/team/app:1.2 # ours
  c:
    build: https://github.com/x/y.git
    image: "\${HUB}/\${NAME}"
  d: { build: ., image: "\${REGISTRY}/own:\${DEPLOY_TAG}" }
  e: { extends: b }
  f: { image: postgres }
`,
    `services:
  a: { build: .., image: "${image('myapp')}" }
  b:
    build: ..
    image: ${image('app')} # ours
  c:
    build: https://github.com/x/y.git
    image: "${image('c')}"
  d: { build: .., image: "\${REGISTRY}/own:\${DEPLOY_TAG}" }
  e: { extends: b }
  f: { image: postgres }
`,
  ],
  [
    'lines that end with CRLF',
    'services:\r\n  a:\r\n    build: .\r\n',
    `services:\r\n  a:\r\n    image: ${image('a')}\r\n    build: ..\r\n`,
  ],
  [
    'the name',
    '# mine\nname: shop # us\nservices: { a: { image: x } }\n',
    '# mine\nservices: { a: { image: x } }\n',
  ],
  [
    'a file that is bound, beside a volume and a folder',
    `services:
  db:
    image: mariadb
    volumes:
      - data:/var/lib/mysql
      - ./my.cnf:/etc/my.cnf:ro # tuned
      - ./init:/docker-entrypoint-initdb.d
volumes:
  data:`,
    `services:
  db:
    image: mariadb
    configs:
      - { source: my_cnf, target: "/etc/my.cnf" }
    volumes:
      - data:/var/lib/mysql
      - ./init:/docker-entrypoint-initdb.d
volumes:
  data:

configs:
  my_cnf: { file: "../my.cnf" }
`,
    { 'my.cnf': { isProgram: false } },
  ],
  [
    'bound files alone, of several forms',
    `services:
  a:
    volumes:
      - type: bind
        source: ./conf/run.sh
        target: /run.sh
    image: x
  b: { volumes: ["./conf/run.sh:/b.sh"], image: x }
  c: { volumes: [./a.txt:/a, d:/d, ./b/a.txt:/b], configs: [e], image: x }
configs:
  e: { file: e.txt }
`,
    `services:
  a:
    configs:
      - { source: run_sh, target: "/run.sh", mode: 0555 }
    image: x
  b: { configs: [{ source: run_sh, target: "/b.sh", mode: 0555 }], volumes: [], image: x }
  c: { volumes: [d:/d], configs: [{ source: a_txt, target: "/a" }, { source: a_txt_2, target: "/b" }, e], image: x }
configs:
  run_sh: { file: "../conf/run.sh" }
  a_txt: { file: "../a.txt" }
  a_txt_2: { file: "../b/a.txt" }
  e: { file: ../e.txt }
`,
    { 'conf/run.sh': { isProgram: true }, 'a.txt': { isProgram: false }, 'b/a.txt': { isProgram: false } },
  ],
  [
    'a network of the usual kind',
    'services: { a: { image: x } }\nnetworks:\n  front: { driver: bridge }\n  back:\n    driver: macvlan\n',
    'services: { a: { image: x } }\nnetworks:\n  front: { driver: overlay }\n  back:\n    driver: macvlan\n',
  ],
  [
    'paths of every kind',
    `services:
  a: { image: x, env_file: [/etc/a.env, ~/b.env, "\${ENV:-.env}", 'c d.env', { path: ./e.env, required: false }] }
secrets:
  k:
    file: './k.txt'
  e: { environment: TOKEN }
`,
    `services:
  a: { image: x, env_file: [/etc/a.env, ~/b.env, "../\${ENV:-.env}", '../c d.env', { path: ../e.env, required: false }] }
secrets:
  k:
    file: 'secrets/k.txt'
  e: { environment: TOKEN }
`,
  ],
];

test.each(ROWS.map(([what, compose, stack, files = {}]) => [what, compose, stack, files] as const))(
  '%s',
  (_what, compose, stack, files) => {
    expect(planText(compose, files).text).toBe(stack);
  },
);

test('the variables that need a value, with those of secrets', () => {
  const { variables } = planText(`services:
  a: { image: "x:\${TAG:?set a-tag}", command: "$BARE $$NOT \${HAS:-a} \${EMPTY-}" }
secrets: { s: { environment: TOKEN } }
`);
  expect(variables).toEqual(['BARE', 'TAG', 'TOKEN']);
});

test.each([
  ['services: [\n', /^compose\.yml:2:1: /],
  ['a: 1\na: 2\n', /^compose\.yml:2:1: is a key that the map already has/],
  ['services:\n\ta: 1\n', /^compose\.yml:2:1: /],
])('what is no YAML is named with its line: %j', (text, place) => {
  expect(() => planText(text)).toThrow(
    expect.objectContaining({ code: 'CONFIG_INVALID', details: [expect.stringMatching(place)] }),
  );
});
