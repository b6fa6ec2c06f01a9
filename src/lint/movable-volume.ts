import { readPairs } from '../config/pairs.ts';
import type { StackService } from '../config/stack-document.ts';
import { type LintContext, type Rule, servicesOf } from './rule.ts';

export const movableVolume: Rule = {
  id: 'movable-volume',
  level: 'warning',
  reason: 'a local volume stays on its node: a task that moves to another node starts with an empty one',
  summary: [
    'keeps data in a local volume, but may move to another node and start empty',
    'keep data in local volumes, but may move to another node and start empty',
  ],
  find: (context) =>
    servicesOf(context)
      .filter(({ service }) => mayMove(context, service))
      .flatMap(({ service, at }) => {
        const index = service.volumes?.findIndex((mount) => isLocalData(context, mount)) ?? -1;
        if (index < 0) return [];
        const volume = service.volumes?.[index]?.source;
        return [
          at(
            ['volumes', index],
            `keeps data in the local volume ${volume}, but may move to another node and start empty: pin it with a constraint like node.hostname == m1, or use shared storage`,
          ),
        ];
      }),
};

/** A volume of shared storage has driver options that say where it is. */
function isLocalData(
  { document }: LintContext,
  { type, source = '', read_only }: NonNullable<StackService['volumes']>[number],
): boolean {
  const declared = document.volumes?.[source];
  const isLocal = declared?.driver === undefined || declared.driver === 'local';
  const hasDevice = readPairs(declared?.driver_opts).device !== undefined;
  return type === 'volume' && source !== '' && !read_only && !declared?.external && isLocal && !hasDevice;
}

/** The tasks of a global service stay on their nodes. Uploads are judged with the storage settings (B2_*). */
function mayMove({ draft }: LintContext, { deploy, environment }: StackService): boolean {
  if (deploy?.mode?.startsWith('global') || deploy?.mode?.endsWith('-job')) return false;
  if (Object.hasOwn(environment ?? {}, 'B2_BUCKET_NAME')) return false;
  const managers = draft.settings.cluster?.DEPLOY_MANAGER_HOST.length ?? 1;
  return !(deploy?.placement?.constraints ?? []).some((constraint) => isPin(constraint, managers));
}

/** `node.role == manager` leaves one node where there is one manager. */
function isPin(constraint: string, managers: number): boolean {
  const [, key = '', value = ''] = /^\s*([\w.-]+)\s*==\s*(.*?)\s*$/.exec(constraint) ?? [];
  if (/^node\.role$/i.test(key)) return /^manager$/i.test(value) && managers === 1;
  return /^(node\.(id|hostname|ip|labels\.)|engine\.labels\.)/i.test(key);
}
