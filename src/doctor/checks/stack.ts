import { listWarnings, renderGroup } from '../../config/group-findings.ts';
import { type Checkup, fine, warning } from '../checkup.ts';

const TODO = 'correct the stack, or accept it with `# waggle-ignore <rule>: why` in the file';

/** The warnings of the plan, word for word. */
export const stack: Checkup = {
  name: 'stack',
  async look({ release }) {
    const found = [
      ...release.warnings.map((said) => warning(said, 'see `waggle plan`')),
      ...listWarnings(release.findings).map((one) => ({
        ...warning(renderGroup(one), TODO),
        rule: one.rule,
        places: one.findings,
      })),
    ];
    return found.length > 0 ? found : [fine('no rule has a warning')];
  },
};
