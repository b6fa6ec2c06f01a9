import type { Command } from './command.ts';
import { auditCommand } from './commands/audit.ts';
import { buildCommand } from './commands/build.ts';
import { completionCommand } from './commands/completion.ts';
import { configCommand } from './commands/config.ts';
import { deployCommand } from './commands/deploy.ts';
import { diffCommand } from './commands/diff.ts';
import { doctorCommand } from './commands/doctor.ts';
import { execCommand } from './commands/exec.ts';
import { initCommand } from './commands/init.ts';
import { labCommand } from './commands/lab.ts';
import { lockCommand } from './commands/lock.ts';
import { logsCommand } from './commands/logs.ts';
import { planCommand } from './commands/plan.ts';
import { pruneCommand } from './commands/prune.ts';
import { releasesCommand } from './commands/releases.ts';
import { removeCommand } from './commands/remove.ts';
import { reportCommand } from './commands/report.ts';
import { restartCommand } from './commands/restart.ts';
import { rollbackCommand } from './commands/rollback.ts';
import { runCommand } from './commands/run.ts';
import { scaleCommand } from './commands/scale.ts';
import { secretsCommand } from './commands/secrets.ts';
import { statusCommand } from './commands/status.ts';
import { unlockCommand } from './commands/unlock.ts';

export const commands: readonly Command[] = [
  deployCommand,
  planCommand,
  configCommand,
  buildCommand,
  statusCommand,
  releasesCommand,
  diffCommand,
  reportCommand,
  rollbackCommand,
  logsCommand,
  execCommand,
  runCommand,
  scaleCommand,
  restartCommand,
  secretsCommand,
  lockCommand,
  unlockCommand,
  pruneCommand,
  removeCommand,
  auditCommand,
  doctorCommand,
  initCommand,
  labCommand,
  completionCommand,
];
