// Proves: docker compose and Docker's client read generated env files and projects of several files as Waggle does, but for a table.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { askAll, findCompose } from '../corpus/ask-compose.ts';
import { judgeReadings, WAYS } from '../corpus/compare-env.ts';
import { askProject, judgeMeanings, planProject, readProject } from '../corpus/compare-project.ts';
import {
  type Difference,
  ENV_DIFFERENCES,
  PROJECT_DIFFERENCES,
  seen,
} from '../corpus/compose-differences.ts';
import { envFile } from '../corpus/generate-env.ts';
import { project } from '../corpus/generate-project.ts';

const SEED = Number(process.env.SEED ?? 20_261_130);
const FILES = Number(process.env.FILES ?? 2000);
const PROJECTS = Number(process.env.PROJECTS ?? 1000);
const compose = await findCompose();

const sample = <T>(arbitrary: fc.Arbitrary<T>, numRuns: number) =>
  fc.sample(arbitrary, { seed: SEED, numRuns });

function printTable(differences: readonly Difference[]): void {
  for (const { id, why } of differences) console.log(`  ${id.padEnd(16)} ${why}`);
}

function countTaken(answers: readonly object[]): number {
  return answers.filter((answer) => !('refused' in answer)).length;
}

test.each(WAYS)(
  'an env file means as $id what it means to the client, but for what is documented',
  async (way) => {
    const texts = sample(envFile, FILES);
    const answers = await askAll(way.client === 'stack' ? ['docker'] : compose, texts.map(way.ask));
    const readings = texts.map((text) => way.waggle(text));
    const open = answers.flatMap((answer, at) => {
      const [text = '', reading = { refused: [] }] = [texts[at], readings[at]];
      const wrong = judgeReadings(way.id, text, reading, way.read(answer));
      return wrong === undefined ? [] : [`${JSON.stringify(text)}: ${wrong}`];
    });
    console.log(
      `figure: seed ${SEED}, ${texts.length} env files as ${way.id}, ${countTaken(answers)} taken by the client, ${countTaken(readings)} by Waggle`,
    );
    expect(open).toEqual([]);
  },
);

test('a project of several files means what it means to compose, but for what is documented', async () => {
  const projects = sample(project, PROJECTS);
  const answers = await askAll(compose, projects.map(askProject));
  const planned = projects.map(planProject);
  const open = answers.flatMap((answer, at) => {
    const wrong = judgeMeanings(planned[at] ?? { refused: [] }, readProject(answer));
    return wrong === undefined ? [] : [`${wrong}\n${JSON.stringify(projects[at], null, 1)}`];
  });
  console.log(
    `figure: ${projects.length} projects, ${countTaken(answers)} taken by compose, ${countTaken(planned)} by Waggle`,
  );
  expect(open).toEqual([]);
});

test('every documented difference was seen', () => {
  console.log('env files:');
  printTable(ENV_DIFFERENCES);
  console.log('projects of several files:');
  printTable(PROJECT_DIFFERENCES);
  const unseen = [...ENV_DIFFERENCES, ...PROJECT_DIFFERENCES].filter(({ id }) => !seen.has(id));
  expect(unseen.map(({ id }) => id)).toEqual([]);
});
