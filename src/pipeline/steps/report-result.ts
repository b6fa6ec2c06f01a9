import { durationsOf } from '../../plan/records/durations.ts';
import { planResult } from '../../plan/records/plan-result.ts';
import { ranHealthy, releaseHeads, resultOf } from '../../plan/records/release-record.ts';
import type { LogEntry } from '../../shared/recording-log.ts';
import { renderTable } from '../../shared/table.ts';
import type { Step } from '../step.ts';

export const reportResult: Step = {
  name: 'report',
  describe: () => ['every service with its replicas and image, as the cluster says it'],
  async run({ release, facts, tools: { log }, outputs }) {
    const { deployed = [], before, number } = outputs;
    const result = planResult(release, number, before?.services ?? [], deployed);
    log.info(result, `release ${release.id} of ${release.stack} runs`);
    const rows = deployed
      .toSorted((a, b) => a.name.localeCompare(b.name))
      .map(({ name, wanted, spec }) => [
        `  ${name}:`,
        `${wanted} x ${spec.TaskTemplate?.ContainerSpec?.Image}`,
      ]);
    for (const line of renderTable(rows)) log.debug(line);
    log.info(describeDurations(log.entries));
    const isStep = result.changed && !outputs.desired;
    if (isStep && releaseHeads(facts.records).some((head) => ranHealthy(resultOf(head))))
      log.info('to restore the release before: waggle rollback');
    return undefined;
  },
};

/** More than that are not worth a word. */
const MOST = 3;

/** The whole up to here, and what took longest. */
export function describeDurations(told: readonly LogEntry[]): string {
  const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;
  const longest = durationsOf(told)
    .toSorted((a, b) => b.ms - a.ms)
    .slice(0, MOST);
  const whole = told.at(-1)?.at ?? 0;
  return [`it took ${seconds(whole)}`, ...longest.map(({ step, ms }) => `${step} ${seconds(ms)}`)].join(', ');
}
