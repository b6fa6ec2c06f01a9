import { planFilling } from '../plan/changes/plan-changes.ts';
import { renderTemplate } from '../plan/render/render-stack.ts';
import type { Deployment } from './step.ts';

/** The stack file as it is kept, images by digest; what is pushed was made of that of its release. */
export const stackFileOf = ({ release, facts, outputs, tools }: Deployment): string =>
  outputs.desired?.of.stackFile ??
  tools.mask(renderTemplate(release, planFilling(release, facts, outputs.digests)));
