import { Document, isScalar, visit } from 'yaml';
import type { Path } from '../../config/positions.ts';
import { mapTexts } from '../../shared/map-texts.ts';
import { objectId, type Release } from '../release/release.ts';
import { escapeForDocker } from '../variables.ts';
import { escapeBreaks, fillDocument, fillTemplate, hasBreaks } from './render-stack.ts';

/** As Docker reads it: a text that looks like a number or a boolean there is in quotes. */
const FOR_DOCKER = { version: '1.1', aliasDuplicateObjects: false } as const;

export interface ConfigView {
  /** Otherwise a sensitive value is `${NAME}`. */
  readonly showsValues: boolean;
  /** Hides secrets in each text, so that what stands for one is quoted as a text. */
  readonly mask?: (text: string) => string;
  /** Where a value comes from, as a comment behind it. */
  readonly originOf: ((path: Path) => string) | undefined;
}

/**
 * The stack file as it would be sent, for people: images have their tags, and secrets and configs the names of new
 * versions, because only the registry and the cluster know digests and versions that are there.
 */
export function renderConfig(release: Release, { showsValues, mask, originOf }: ConfigView): string {
  const versions = Object.fromEntries(release.objects.map((object) => [objectId(object), object.newName]));
  const filling = { versions, digests: {}, scale: {}, images: {} };
  const stack = showsValues
    ? mapTexts(fillDocument(release, filling), escapeForDocker)
    : fillTemplate(release, filling);
  const document = new Document(mask ? mapTexts(stack, mask) : stack, FOR_DOCKER);
  quoteBreaks(document);
  if (originOf) addOrigins(document, originOf);
  return escapeBreaks(document.toString({ lineWidth: 0 })).trimEnd();
}

function quoteBreaks(document: Document): void {
  visit(document, {
    Scalar(_, node) {
      if (typeof node.value === 'string' && hasBreaks(node.value)) node.type = 'QUOTE_DOUBLE';
    },
  });
}

function addOrigins(document: Document, originOf: (path: Path) => string): void {
  visit(document, {
    Scalar(key, node, ancestors) {
      if (key === 'key') return;
      node.comment = ` ${originOf(pathOf(key, ancestors))}`;
    },
  });
}

function pathOf(key: string | number | null, ancestors: readonly unknown[]): Path {
  const path = ancestors.flatMap((ancestor, at): (string | number)[] => {
    const { key: name, items } = ancestor as { key?: unknown; items?: readonly unknown[] };
    if (isScalar(name)) return [String(name.value)];
    const next = ancestors[at + 1];
    const index = items?.indexOf(next) ?? -1;
    // The pairs of a map are its items, too, and are named by their key.
    return index < 0 || (next as { key?: unknown }).key !== undefined ? [] : [index];
  });
  return typeof key === 'number' ? [...path, key] : path;
}
