// Check 8: what decides where data goes does not come from untrusted data.
import { type Finding, toFinding } from '../finding.ts';
import type { Flow } from '../reach/flow.ts';
import { describeEdge, pathText } from '../reach/walk.ts';

/** Every argument that a function declares as a destination. One finding for each place, however many ways lead there. */
export function checkDestinations(flow: Flow): readonly Finding[] {
  const found = new Map<string, Finding>();
  flow.graph.edges.forEach((edge, number) => {
    const key = `${edge.to} ${edge.field ?? ''}`;
    if (!edge.destination || found.has(key)) return;
    const arrival = flow.passage('untrusted', number, 'approved');
    const node = flow.indexed.nodes[flow.indexed.to[number] as number];
    if (arrival === undefined || node === undefined) return;
    const path = [...arrival.path, { node: node.id, title: node.title, via: describeEdge(edge), where: edge.where }];
    const field = edge.field === undefined ? 'its destination' : `"${edge.field.slice(1)}"`;
    found.set(
      key,
      toFinding('PB801', edge.where, `Untrusted data decides ${field} of ${node.title}: ${pathText(path)}`, {
        path,
        repair: {
          text:
            edge.field === undefined
              ? 'Write the destination into the wire with fixed = { … }, or put an approve policy before the call'
              : 'Take the destination from the input or write it into the blueprint, endorse it with a closed type, or put an approve policy before the call',
        },
      }),
    );
  });
  return [...found.values()];
}
