import { planFilling } from '../plan/changes/plan-changes.ts';
import { renderTemplate } from '../plan/render/render-stack.ts';
import type { Deployment } from './step.ts';

/** The stack file as it is kept, images by digest; what is pushed was made of that of its release. */
export const stackFileOf = ({ release, facts, learned, tools }: Deployment): string =>
  learned.aim?.of.stackFile ??
  tools.mask(renderTemplate(release, planFilling(release, facts, learned.digests)));
