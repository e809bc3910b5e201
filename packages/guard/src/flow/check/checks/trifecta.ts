// Check 4: the lethal trifecta (private data, untrusted content, a way out) and the deadly pair (untrusted content and a
// destructive action), at every place where they could meet.
import { type Finding, toFinding } from '../finding.ts';
import type { Sends } from '../graph.ts';
import type { Flow } from '../reach/flow.ts';
import { pathText } from '../reach/walk.ts';

/** What counts as a way out. */
export const WAYS_OUT: readonly Sends[] = ['network', 'message'];

/** All three at one sink; a person's yes to each passage stands for an endorsement. */
export function checkTrifecta(flow: Flow): readonly Finding[] {
  return flow.indexed.nodes.flatMap((node, number) => {
    if (node.sends === undefined) return [];
    const untrusted = flow.arrival('untrusted', number, 'approved');
    if (untrusted === undefined) return [];
    const found: Finding[] = [];
    const secret = node.sends.some((item) => WAYS_OUT.includes(item))
      ? flow.arrival('private', number, 'nothing')
      : undefined;
    if (secret !== undefined) {
      found.push(
        toFinding(
          'PB401',
          node.where,
          `Private data (${pathText(secret.path)}) and untrusted content (${pathText(untrusted.path)}) meet at a way out: whoever wrote the content could have the data sent`,
          {
            path: secret.path,
            otherPath: untrusted.path,
            repair: {
              text: 'Take one of the three away: keep the untrusted content out of this path, endorse a narrow part of it ([[endorse]] with type and bits), declassify a narrow part of the data, or put an approve policy before the way out',
            },
          },
        ),
      );
    }
    if (node.sends.includes('destructive')) {
      found.push(
        toFinding(
          'PB402',
          node.where,
          `Untrusted content decides over a destructive action: ${pathText(untrusted.path)}`,
          {
            path: untrusted.path,
            repair: {
              text: 'Endorse a narrow part of the content ([[endorse]] with type and bits), or put an approve policy before the action',
            },
          },
        ),
      );
    }
    return found;
  });
}
