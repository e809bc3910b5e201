// Check 2: a forbidden pair is unreachable over everything that values flow through.
import { type Finding, toFinding } from '../finding.ts';
import type { FlowEdge, ForbiddenPair } from '../graph.ts';
import { capacityBetween } from '../reach/capacity.ts';
import type { Flow } from '../reach/flow.ts';
import { pathText, pathTo, walk } from '../reach/walk.ts';

/** Calls, replies, workflow data, conditions and stores: all of them count. */
export function checkForbidden(flow: Flow): readonly Finding[] {
  return flow.graph.forbidden.flatMap((pair) => {
    const forward = findWay(flow, pair.from, pair.to, pair.maxBits);
    if (forward !== undefined) return [forwardFinding(pair, forward)];
    if (pair.flow === 'forward') return [];
    const back = findWay(flow, pair.to, pair.from, pair.maxBits);
    return back === undefined ? [] : [backFinding(pair, back)];
  });
}

type Path = ReturnType<typeof pathTo>;

function findWay({ indexed }: Flow, from: readonly string[], to: readonly string[], maxBits: number): Path | undefined {
  const passes = ({ bits, uses }: FlowEdge) => bits > 0 && uses > 0;
  const numbersOf = (ids: readonly string[]) => ids.map((id) => indexed.numbers.get(id) as number);
  const starts = numbersOf(from);
  const found = walk(indexed, starts, passes);
  const paths = numbersOf(to)
    .filter((node) => found.reached(node))
    .filter((node) => maxBits === 0 || capacityBetween(indexed, starts, node, passes) > maxBits)
    .map((node) => pathTo(indexed, found, node));
  return paths.sort((a, b) => a.length - b.length)[0];
}

function forwardFinding(pair: ForbiddenPair, path: Path): Finding {
  return toFinding('PB201', pair.where, `"${pair.fromTitle}" reaches "${pair.toTitle}": ${pathText(path)}`, {
    path,
    repair: { text: `Cut one of the ${path.length - 1} connections of the path` },
  });
}

function backFinding(pair: ForbiddenPair, path: Path): Finding {
  return toFinding('PB202', pair.where, `"${pair.fromTitle}" receives what "${pair.toTitle}" gave: ${pathText(path)}`, {
    path,
    severity: pair.flow === 'both' ? 'error' : 'warning',
    repair: { text: 'Write flow = "both" to refuse this direction too, or flow = "forward" to accept it' },
  });
}
