import { PROJECT } from '../../src/lab/move-in.ts';
import type { Operator } from './operator.ts';

/** What is GitHub's own, and no residue of a run: the repository, an author's clone, artifacts, the files of a step. */
export const GITHUB = '/srv/github';
/** What steps may leave files in, and are to leave no secret in. */
export const RUNNER_TEMP = '/tmp/runner';
export const WORKSPACE = PROJECT;
export const AUTHOR = `${GITHUB}/author`;
const ORIGIN = `${GITHUB}/origin.git`;
const ARTIFACTS = `${GITHUB}/artifacts`;

export type Words = Readonly<Record<string, string>>;

/** Pushes the operator's checkout to a repository as GitHub would hold it. */
export async function pushToOrigin(operator: Operator): Promise<void> {
  const { machine } = operator;
  await machine.run(['rm', '-rf', GITHUB]);
  await machine.run(['install', '-d', '-o', 'operator', GITHUB, ARTIFACTS]);
  await operator.sh(
    [
      `git clone --quiet --bare . ${ORIGIN}`,
      // As GitHub does: a commit may be fetched by its id.
      `git -C ${ORIGIN} config uploadpack.allowAnySHA1InWant true`,
      `git clone --quiet ${ORIGIN} ${AUTHOR}`,
      `git -C ${AUTHOR} config user.email dev@lab && git -C ${AUTHOR} config user.name dev`,
    ].join(' && '),
  );
}

/** Somebody commits, and pushes, with a tag if one is named; gives the commit. `change`: a script, run in the clone. */
export async function pushCommit(operator: Operator, change: string, tag = ''): Promise<string> {
  return operator.sh(
    [
      `cd ${AUTHOR}`,
      change,
      'git add -A',
      'git commit --quiet --allow-empty --message change',
      ...(tag ? [`git tag --force ${tag} >/dev/null`] : []),
      'git push --quiet --force origin HEAD --tags',
      'git rev-parse HEAD',
    ].join(' && '),
  );
}

/**
 * As actions/checkout leaves it: an empty workspace, a detached HEAD, and of the history one commit unless
 * `fetch-depth` asks for more. A commit that is asked for by its id has no name.
 */
export async function checkOut(operator: Operator, github: Words, given: Words = {}): Promise<void> {
  const { ref = '', 'fetch-depth': depth = '1' } = given;
  const sha = /^[0-9a-f]{40}$/.test(ref) ? ref : '';
  const event = `refs/${github.ref_type === 'tag' ? 'tags' : 'remotes/origin'}/${github.ref_name}`;
  const wanted = sha || (ref ? `+refs/tags/${ref}:refs/tags/${ref}` : `+${github.sha}:${event}`);
  const all = "'+refs/heads/*:refs/remotes/origin/*' '+refs/tags/*:refs/tags/*'";
  const fetched = depth === '0' ? all : `--depth=${depth} ${wanted}`;
  await operator.sh(
    [
      'find . -mindepth 1 -delete',
      'git init --quiet && git config advice.detachedHead false',
      `git remote add origin file://${ORIGIN}`,
      `git fetch --quiet --no-tags origin ${fetched}`,
      `git checkout --quiet --force --detach ${sha || (ref ? `refs/tags/${ref}` : github.sha)}`,
    ].join(' && '),
  );
}

/** actions/upload-artifact and actions/download-artifact: from one job to the next, which begins with nothing. */
export async function moveArtifact(operator: Operator, uses: string, { name, path }: Words): Promise<void> {
  const folder = `${ARTIFACTS}/${name}`;
  if (uses.startsWith('actions/upload-artifact'))
    // What is not there is a warning of GitHub's.
    await operator.sh(`rm -rf ${folder} && mkdir -p ${folder} && { cp ${path} ${folder}/ || true; }`);
  else await operator.sh(`cp ${folder}/* .`);
}

/** What a step wrote to GITHUB_OUTPUT or GITHUB_ENV: `name=value`, or a value of several lines. */
export function parseStepFile(text: string): Record<string, string> {
  const found = text.matchAll(/^([^=\n]+?)(?:<<(\S+)\n([\s\S]*?)\n?^\2$|=(.*)$)/gm);
  return Object.fromEntries([...found].map(([, name = '', , lines, value]) => [name, lines ?? value ?? '']));
}

/** The variables of every step. */
export const runnerVariables = (github: Words) => ({
  CI: 'true',
  GITHUB_ACTIONS: 'true',
  GITHUB_SERVER_URL: 'https://github.com',
  GITHUB_REPOSITORY: 'lab/shop',
  GITHUB_RUN_ID: '42',
  GITHUB_SHA: github.sha ?? '',
  GITHUB_REF_NAME: github.ref_name ?? '',
  GITHUB_REF_TYPE: github.ref_type ?? '',
  GITHUB_WORKSPACE: WORKSPACE,
  GITHUB_ACTION_PATH: '/opt/waggle',
  GITHUB_OUTPUT: `${GITHUB}/output`,
  GITHUB_STEP_SUMMARY: `${GITHUB}/summary`,
  GITHUB_PATH: `${GITHUB}/path`,
  GITHUB_ENV: `${GITHUB}/env`,
  RUNNER_TEMP,
});
