import { DIGEST_LABEL, KEY_LABEL, STACK_LABEL, versionContext } from '../../plan/labels.ts';
import { objectId, type VersionedObject } from '../../plan/release/release.ts';
import { makeDigest } from '../../shared/digest.ts';
import { settleAll } from '../../shared/settle-all.ts';
import type { Deployment, Step } from '../step.ts';

/** Values go through the Docker API over SSH: never to the manager's disk, never into an argument. */
export const createVersions: Step = {
  name: 'create secrets and configs',
  isChange: (deployment) => newVersions(deployment).length > 0,
  describe: ({ objects, settings }) =>
    objects.map(
      ({ kind, newName }) =>
        `${kind} ${newName}${settings.SECRET_REUSE ? ', unless the cluster has this content already' : ''}`,
    ),
  async run(deployment) {
    const { stack } = deployment.release;
    const creating = newVersions(deployment).map(async (object) => {
      if (!object.value) throw new Error(`${object.newName} has no value`);
      const digest = await makeDigest(object.value, versionContext(object));
      await deployment.tools.swarm.createObject(object.kind, {
        name: object.newName,
        value: object.value.reveal(),
        labels: { ...object.labels, [STACK_LABEL]: stack, [KEY_LABEL]: object.key, [DIGEST_LABEL]: digest },
        templating: object.templating,
      });
      deployment.tools.log.debug(`created the ${object.kind} ${object.newName}`);
    });
    // Wait for all before a restore: a late one would be left behind.
    await settleAll(creating, 'DEPLOY_FAILED');
    return undefined;
  },
  // A service that could not be restored may still use them; the journal names them for the next run.
  needsAllBack: true,
  async undo(deployment) {
    const { interruptions = [] } = deployment.outputs;
    const own = newVersions(deployment).map(({ kind, newName: name }) => ({ kind, name }));
    const removing = [...own, ...interruptions.flatMap(({ intent }) => intent.objects)].map(
      ({ kind, name }) => deployment.tools.swarm.removeObject(kind, name),
    );
    await settleAll(removing, 'RESTORE_FAILED');
  },
};

function newVersions({ release, facts }: Deployment): readonly VersionedObject[] {
  return release.objects.filter((object) => !Object.hasOwn(facts.reusable, objectId(object)));
}
