import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

/** The jobs that docs/how-to/github.md shows for other repositories' workflows, each the job `own` of one. */
const DOCUMENT = readFileSync(resolve(import.meta.dirname, '../../docs/how-to/github.md'), 'utf8');
const shownAs = (pattern: RegExp) => pattern.exec(DOCUMENT)?.[1] ?? '';
const STEPS = shownAs(/^```yaml\nsteps:\n([\s\S]*?)^```/m).replace('<this repository>@<commit>', './');
/** The checkout, and the settings that are not secret. */
const BEGIN = STEPS.split('\n').slice(0, 2).join('\n');
const OIDC = `${BEGIN}\n${shownAs(/^```yaml\npermissions:.*\nsteps:\n([\s\S]*?)^```/m)}`;
const jobOf = (steps: string) => `jobs:\n  own:\n    steps:\n${steps.replace(/^/gm, '    ')}`;

export const FIVE_LINES = jobOf(STEPS);
export const WITH_TOKEN = jobOf(OIDC);
