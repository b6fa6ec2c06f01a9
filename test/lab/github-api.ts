import { until } from '../../src/lab/engine.ts';
import { GITHUB } from './github-runner.ts';
import type { Operator } from './operator.ts';

export const GITHUB_API_URL = 'http://127.0.0.1:8377';
const HEARD = `${GITHUB}/heard`;

/** Takes what is asked of it, and makes every deployment number 7. `reset` ends it. */
const SCRIPT = `
const { appendFileSync } = require('node:fs');
require('node:http').createServer((asked, answer) => {
  let body = '';
  asked.on('data', (chunk) => (body += chunk));
  asked.on('end', () => {
    appendFileSync('${HEARD}', JSON.stringify({ url: asked.url, login: asked.headers.authorization, body: JSON.parse(body) }) + '\\n');
    answer.writeHead(201, { 'content-type': 'application/json' }).end('{"id":7}');
  });
}).listen(${new URL(GITHUB_API_URL).port}, '127.0.0.1', () => appendFileSync('${HEARD}', ''));
`;

export interface Heard {
  readonly url: string;
  readonly login: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** GitHub's API, as far as deployments go, on the runner's machine. */
export async function startGithubApi({ machine }: Operator): Promise<void> {
  await machine.exec(['rm', '-f', HEARD]);
  void machine.start(['node', '-e', SCRIPT], { user: 'operator' });
  await until(
    'the API of GitHub is there',
    async () => (await machine.exec(['test', '-e', HEARD])).code === 0,
  );
}

/** What it was told since it was asked last. */
export async function takeHeard(operator: Operator): Promise<readonly Heard[]> {
  const text = await operator.sh(`cat ${HEARD} && : >${HEARD}`);
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Heard);
}
