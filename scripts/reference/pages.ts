import { renderCommands } from './commands.ts';
import { renderComposeKeys } from './compose-keys.ts';
import { renderEvents } from './events.ts';
import { renderExitCodes } from './exit-codes.ts';
import { renderRules } from './rules.ts';
import { renderSettings } from './settings.ts';

/** Every generated page, by its path in the repository. */
export const PAGES: Readonly<Record<string, () => string>> = {
  'docs/reference/commands.md': renderCommands,
  'docs/reference/settings.md': renderSettings,
  'docs/reference/rules.md': renderRules,
  'docs/reference/exit-codes.md': renderExitCodes,
  'docs/reference/events.md': renderEvents,
  'docs/reference/compose-keys.md': renderComposeKeys,
};
