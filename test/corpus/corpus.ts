import { readdirSync, readFileSync } from 'node:fs';
import type { ClusterFacts } from '../../src/plan/changes/facts.ts';
import { planSpecs } from '../../src/plan/changes/plan-changes.ts';
import type { Release } from '../../src/plan/release/release.ts';
import { renderStack } from '../../src/plan/render/render-stack.ts';
import type { ServiceSpec } from '../../src/shared/service-spec.ts';
import { planned } from '../fakes/inputs.ts';

/** Stack files that together use every key of the compose v3 schema that Swarm obeys. */

const FOLDER = new URL('.', import.meta.url);
/** Files that are laid over each other, by the name of the case. */
const LAYERED: Readonly<Record<string, readonly string[]>> = {
  override: ['override-base.yml', 'override-over.yml'],
};

/** Variables of the corpus: text that a second interpolation, YAML or a shell could spoil. */
export const VARIABLES: Readonly<Record<string, string>> = {
  REGISTRY: 'registry.lab:5000',
  TEXT: 'some text',
  EMPTY: '',
  STRANGE:
    '$HOME ${TEXT} $$ \'single\' "double" `tick` \\back # hash: - {a: b} [c] %41 !tag &anchor *alias | >',
  LINES: 'first\n  second: $x\n\n# third\r\n\tlast\n',
  UNICODE: 'né 蜂 \u{1F41D} \u2028 \u00a0 \u0085 \ufeff',
  YES: 'yes',
  NUMBER: '0123',
  REPLICAS: '2',
  CPUS: '0.25',
  MEMORY: '64M',
  READ_ONLY: 'true',
  HIDDEN_PASSWORD: 'pa$$ "word" #\n',
};

export interface Case {
  readonly name: string;
  /** By file name. */
  readonly texts: Readonly<Record<string, string>>;
}

export function readCorpus(): readonly Case[] {
  const text = (file: string) => readFileSync(new URL(file, FOLDER), 'utf8');
  const layered = Object.values(LAYERED).flat();
  const single = readdirSync(FOLDER).filter((file) => file.endsWith('.yml') && !layered.includes(file));
  return [
    ...single.map((file) => ({ name: file.replace('.yml', ''), texts: { [file]: text(file) } })),
    ...Object.entries(LAYERED).map(([name, files]) => ({
      name,
      texts: Object.fromEntries(files.map((file) => [file, text(file)])),
    })),
  ];
}

/** The case as Waggle plans it, under a stack of its own. */
export function planCase({ name, texts }: Case): Release {
  const stackFiles = Object.keys(texts);
  const environment = { ...VARIABLES, STACK_NAME: `corpus-${name}` };
  return planned({ environment, stackFiles }, texts, { objects: {} }).release();
}

export function renderCase(release: Release, digest: string): string {
  const digests = Object.fromEntries(release.services.map(({ image }) => [image, digest]));
  return renderStack(release, { versions: {}, digests, scale: {}, images: {} });
}

export function specsOf(
  release: Release,
  facts: ClusterFacts,
  digest: string,
): ReadonlyMap<string, ServiceSpec> {
  const digests = Object.fromEntries(release.services.map(({ image }) => [image, digest]));
  return planSpecs(release, facts, digests);
}
