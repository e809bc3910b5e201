// Check 10: a blueprint that narrows a skill's permissions stays within them, and within the person's grant.
import { type Finding, toFinding } from '../finding.ts';
import type { FlowGraph } from '../graph.ts';
import { excessOf } from '../permissions.ts';

/** Permissions in the blueprint against those that the skill asks for, grants against the person's own. */
export function checkNarrowing({ components }: FlowGraph): readonly Finding[] {
  return components.flatMap(({ name, asked, narrowed, granted, grantedBefore, narrowedWhere, grantWhere }) => [
    ...(narrowed === undefined || asked === undefined
      ? []
      : excessOf(narrowed, asked).map(({ permission, part }) =>
          toFinding(
            'PB1001',
            narrowedWhere,
            `"${name}" asks for no ${permission} "${part}"; a blueprint only narrows`,
            {
              repair: { text: `Take ${permission} "${part}" out of the permissions of "${name}"` },
            },
          ),
        )),
    ...(granted === undefined || grantedBefore === undefined
      ? []
      : excessOf(granted, grantedBefore).map(({ permission, part }) =>
          toFinding('PB1002', grantWhere, `"${name}" was granted no ${permission} "${part}" when it was installed`, {
            repair: { text: `Take it out of [grants], or grant it with pypes install` },
          }),
        )),
  ]);
}
