import { describeServices } from '../../plan/records/describe-releases.ts';
import type { SpecsWithTemplates, Templates } from '../../plan/spec/templates.ts';
import type { Snapshot } from '../../swarm/plan-restore.ts';
import { takeSnapshot } from '../../swarm/restore-stack.ts';
import { Journal } from '../history/journal.ts';
import { runsIrreversibleJobs } from '../history/record-release.ts';
import { settleConcurrentChange } from '../history/settle-concurrent-change.ts';
import { removeStored } from '../history/store.ts';
import { stackFileOf } from '../stack-file.ts';
import type { Step } from '../step.ts';

/** The last poll before the first change, written to the cluster: any run can then restore the stack. */
export const openJournal: Step = {
  name: 'record the running stack',
  describe: ({ stack }) => [`every service of ${stack}, in the cluster: the next run can restore it`],
  async run(deployment) {
    const {
      release,
      facts,
      tools: { cluster, swarm },
      holder,
      outputs,
    } = deployment;
    const { interruptions = [] } = outputs;
    const { templates } = release;
    const before = outputs.before ?? (await takeSnapshot(swarm, release.stack, facts));
    // Changes of an interrupted run are not drift.
    if (!outputs.before) settleConcurrentChange(deployment, before.services);
    const own = release.objects.map(({ kind, newName: name }) => ({ kind, name }));
    const journal = await Journal.open(swarm, release.stack, {
      id: release.id,
      who: holder.who,
      since: holder.since,
      before,
      isIrreversible: runsIrreversibleJobs({ release, outputs }),
      objects: [...own, ...interruptions.flatMap(({ intent }) => intent.objects)],
      plan:
        outputs.plan ??
        describeServices(runningOf(before, templates), { services: outputs.desired?.specs ?? [], templates }),
      cluster: cluster.id,
      project: outputs.desired ? outputs.desired.of.project : outputs.project,
      stackFile: stackFileOf(deployment),
      templates,
    });
    // All that they knew is in the new one.
    for (const { record } of interruptions) await removeStored(swarm, record, facts.records);
    // After a run that was killed the snapshot is its, and tasks have come and gone since.
    const known = outputs.before
      ? new Set((await swarm.readTasks(release.stack)).map(({ id }) => id))
      : before.taskIds;
    return { before, known, journal };
  },
};

const runningOf = ({ services, templates }: Snapshot, planned: Templates): SpecsWithTemplates => ({
  services: services.map(({ spec }) => spec),
  templates: [...templates, ...planned],
});
