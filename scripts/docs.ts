import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PAGES } from './reference/pages.ts';

for (const [path, render] of Object.entries(PAGES))
  writeFileSync(join(import.meta.dirname, '..', path), render());
