// Check 9: a DLP policy stands on every way from private data to a way out.
import { type Finding, toFinding, type Where } from '../finding.ts';
import type { Flow } from '../reach/flow.ts';
import { pathText } from '../reach/walk.ts';
import { WAYS_OUT } from './trifecta.ts';

/** Takes away all ways that DLP looks at: private data must not get out on what is left. */
export function checkDlp(flow: Flow): readonly Finding[] {
  return flow.indexed.nodes.flatMap((node, number) => {
    if (node.sends?.some((item) => WAYS_OUT.includes(item)) !== true) return [];
    const found = flow.arrival('private', number, 'scanned');
    if (found === undefined) return [];
    return [
      toFinding('PB901', node.where, `Private data gets out without DLP: ${pathText(found.path)}`, {
        path: found.path,
        repair: {
          text: `Add a DLP policy before "${node.component ?? node.title}"`,
          edit: addPolicy(flow.graph.path, flow.graph.end, node.component ?? '*'),
        },
      }),
    ];
  });
}

function addPolicy(path: string, { line, column }: Where, to: string) {
  const at = { line, column };
  return {
    path,
    start: at,
    end: at,
    text: `\n[[policy]]\nuse = "dlp"\nto = ${JSON.stringify(to)}\naction = "block"\n`,
  };
}
