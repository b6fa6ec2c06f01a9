import type { Finding } from '../config/problem.ts';
import { debugLog } from './debug-log.ts';
import { decimalMode } from './decimal-mode.ts';
import { dockerSocket } from './docker-socket.ts';
import { emptyOverride } from './empty-override.ts';
import { foreignImage } from './foreign-image.ts';
import { latestImage } from './latest-image.ts';
import { movableVolume } from './movable-volume.ts';
import { noHealthcheck } from './no-healthcheck.ts';
import { openPort } from './open-port.ts';
import { openSecret } from './open-secret.ts';
import { placeholder } from './placeholder.ts';
import { plainDatabase } from './plain-database.ts';
import { poolTooLarge } from './pool-too-large.ts';
import { repeatedSecret } from './repeated-secret.ts';
import type { LintContext, Rule } from './rule.ts';
import { secretWhitespace } from './secret-whitespace.ts';
import { sharedStack } from './shared-stack.ts';
import { singletonScheduler } from './singleton-scheduler.ts';
import { startFirst } from './start-first.ts';
import { trackedSecret } from './tracked-secret.ts';
import { unknownDependency } from './unknown-dependency.ts';
import { unknownProfile } from './unknown-profile.ts';
import { unknownSetting } from './unknown-setting.ts';
import { unsetEnvironment } from './unset-environment.ts';
import { unusedSecret } from './unused-secret.ts';
import { unusedVariable } from './unused-variable.ts';

export const rules: readonly Rule[] = [
  placeholder,
  trackedSecret,
  openSecret,
  repeatedSecret,
  sharedStack,
  movableVolume,
  openPort,
  foreignImage,
  latestImage,
  noHealthcheck,
  startFirst,
  plainDatabase,
  debugLog,
  poolTooLarge,
  singletonScheduler,
  dockerSocket,
  decimalMode,
  unsetEnvironment,
  unknownDependency,
  unknownSetting,
  unknownProfile,
  unusedVariable,
  unusedSecret,
  emptyOverride,
  secretWhitespace,
];

export function runRules(context: LintContext): readonly Finding[] {
  return rules.flatMap((rule) =>
    rule.find(context).map((problem) => ({
      ...problem,
      rule: rule.id,
      level: rule.level,
      summary: rule.summary,
    })),
  );
}
