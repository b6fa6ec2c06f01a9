/** Files and folders that are still to be rewritten: this list only shrinks. */
export const TO_DO: readonly string[] = [
  'README.md',
  'DEPLOYING.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  'docs/architecture.md',
  'docs/extending.md',
  'examples/',
  'app/',
  'src/',
];

/** Never judged: what it holds is measured, not written. */
export const EXCEPTED: readonly string[] = ['docs/PROOF.md'];
