import { type DoctorContext, type Finding, fine, problem } from '../doctor/checkup.ts';
import { type CheckupReport, runCheckups } from '../doctor/checkups.ts';
import { countOf } from '../shared/count-of.ts';
import { DeployError } from '../shared/errors.ts';
import type { Host } from '../shared/tools.ts';
import { requireManager } from './gather-facts.ts';
import { warnOfOpen } from './history/warn-of-open.ts';
import { loadRelease } from './load-release.ts';
import type { RunContext } from './run-context.ts';
import { timed } from './run-steps.ts';

export interface DoctorOptions {
  readonly target: string | undefined;
  readonly format: 'text' | 'json';
}

/** Looks at everything that a deploy needs and that can be looked at, and changes nothing. */
export async function doctor(
  context: RunContext,
  { target, format }: DoctorOptions,
): Promise<readonly CheckupReport[]> {
  const { log, root, git, environment, secrecy } = context;
  const release = await timed(log, 'read and validate the configuration', () =>
    loadRelease({ root, git, environment, secrecy, target, isOffline: false, copyExamples: false }),
  );
  await using tools = await timed(log, 'connect to the manager', () => context.connect(release));
  const examined = await timed(log, 'look at the cluster', async () => {
    await requireManager(tools.swarm);
    const [nodes, reached, records] = await Promise.all([
      tools.swarm.readNodes(),
      reachAll(tools.hosts),
      tools.swarm.readRecords(release.stack),
    ]);
    warnOfOpen(log, records);
    const hosts = tools.hosts.filter((_host, at) => reached[at]?.state === 'fine');
    const context: DoctorContext = { release, nodes, tools, hosts };
    return [{ name: 'connection', findings: reached }, ...(await runCheckups(context))];
  });
  context.print(format === 'json' ? examined : renderExamined(examined));
  return examined;
}

function reachAll(hosts: readonly Host[]): Promise<readonly Finding[]> {
  const reach = async ({ name, open, remote }: Host): Promise<Finding> =>
    // A login that runs no script is of no use.
    open()
      .then(() => remote.run(':'))
      .then(
        () => fine(`${name} is reached, its key is known, it takes ours`),
        (error: unknown) => {
          if (!(error instanceof DeployError)) throw error;
          return problem(`${name}: ${error.message}`, error.hint ?? 'check that you can reach it with ssh');
        },
      );
  return Promise.all(hosts.map(reach));
}

const SIGNS = { fine: 'ok  ', warning: 'hm  ', problem: 'BAD ' } as const;

function renderExamined(examined: readonly CheckupReport[]): string {
  const lines = examined.flatMap(({ name, findings }) =>
    findings.flatMap(({ state, said, todo }) => [
      `${SIGNS[state]} ${name}: ${said}`,
      ...(todo ? [`       what to do: ${todo}`] : []),
    ]),
  );
  const count = (state: Finding['state']) =>
    examined.flatMap(({ findings }) => findings).filter((finding) => finding.state === state).length;
  return [
    ...lines,
    '',
    `${countOf(count('problem'), 'problem')}, ${countOf(count('warning'), 'warning')}`,
  ].join('\n');
}
