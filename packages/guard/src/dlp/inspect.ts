// All texts of a value looked through: each by itself, those that are JSON again inside, and all of them laid together.
import { isTooDeep, type Json } from '@pypes/contract';
import type { Find } from './find.ts';
import type { Finding, Span } from './finding.ts';
import { joinTexts, withoutRepeats } from './joined.ts';
import { pointerOf } from './pointer.ts';
import { UNINSPECTED } from './recognisers/uninspected.ts';
import { type Budget, type Hit, MOST_LAYERS, scanText } from './scan-text.ts';
import { piecesOf } from './split.ts';
import { type Place, type TextNode, textsOf } from './walk.ts';
import type { Window } from './window.ts';

/** What is found in the texts of one value. */
export function inspect(
  find: Find,
  nodes: readonly TextNode[],
  budget: Budget,
  window?: Window,
  depth = 0,
): readonly Finding[] {
  const hits = nodes.map((node) => scanNode(find, node, budget));
  const secret = new Set<Place | undefined>();
  for (const { kind, node, place } of nodes) if (kind === 'key' && hits[node] !== NO_HITS) secret.add(place);
  const spanOf = (node: TextNode, start: number, end: number): Span => ({
    pointer: pointerOf(node.place, (place) => secret.has(place)),
    part: node.kind === 'key' ? 'key' : 'value',
    node: node.node,
    start,
    end,
  });
  const findings: Finding[] = [];
  for (const node of nodes) {
    for (const hit of hits[node.node] ?? NO_HITS) findings.push(toFinding(hit, [spanOf(node, hit.start, hit.end)]));
    for (const inner of insideJson(find, node, budget, depth)) {
      findings.push({ ...inner, ...spanOf(node, 0, node.text.length), how: ['json', ...inner.how] });
    }
  }
  const seen = new Set<string>();
  for (const joined of withoutRepeats(joinTexts(nodes, (name) => window?.tailOf(name)))) {
    for (const hit of scanText(find, joined, budget)) {
      const spans = piecesOf(joined, hit, hits).map(({ node, start, end }) => spanOf(node, start, end));
      const key = `${hit.recogniser.id} ${spans.map(({ node, start, end }) => `${node}:${start}:${end}`)}`;
      if (spans.length === 0 || seen.has(key)) continue;
      seen.add(key);
      findings.push(toFinding({ ...hit, how: [...hit.how, 'split'] }, spans));
    }
  }
  return findings;
}

const NO_HITS: readonly Hit[] = [];
const LONGEST_CONTEXT = 64;
/** A number with fewer characters is nothing that is looked for. */
const SHORTEST_NUMBER = 7;

/** The key that a value stands under is read with it: `{"api_key": "…"}` says what it is. */
function scanNode(find: Find, node: TextNode, budget: Budget): readonly Hit[] {
  const { kind, key, text } = node;
  if (text === '' || (kind === 'number' && text.length < SHORTEST_NUMBER)) return NO_HITS;
  const context = kind === 'key' || key === '' ? '' : `${key.slice(-LONGEST_CONTEXT)}: `;
  const hits = scanText(find, { text: context + text }, budget);
  if (hits.length === 0) return NO_HITS;
  if (context === '') return hits;
  return hits.flatMap((hit) => {
    const end = hit.end - context.length;
    return end <= 0 ? [] : [{ ...hit, start: Math.max(0, hit.start - context.length), end }];
  });
}

/** A text that is JSON has fields of its own; what one of them holds was found in the text, what is split was not. */
function insideJson(find: Find, { kind, text }: TextNode, budget: Budget, depth: number): readonly Finding[] {
  const value = kind === 'string' && depth < MOST_LAYERS ? parseNested(text) : undefined;
  if (value === undefined) return [];
  budget.left -= text.length;
  if (budget.left < 0 || isTooDeep(value)) return [{ ...NOWHERE, id: UNINSPECTED.id, how: [], preview: '' }];
  return inspect(find, textsOf(value), budget, undefined, depth + 1).flatMap(({ rest: _, ...finding }) =>
    finding.how.includes('split') || finding.id === UNINSPECTED.id ? [finding] : [],
  );
}

const NOWHERE: Span = { pointer: '', part: 'value', node: 0, start: 0, end: 0 };

function parseNested(text: string): Json | undefined {
  if (!/^\s{0,8}[[{]/.test(text)) return undefined;
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

function toFinding(
  { recogniser, how, preview }: Omit<Hit, 'how'> & Pick<Finding, 'how'>,
  spans: readonly Span[],
): Finding {
  const [first, ...rest] = spans as readonly [Span, ...Span[]];
  return {
    id: recogniser.id,
    ...(recogniser.rule === undefined ? {} : { rule: recogniser.rule }),
    ...first,
    how,
    preview,
    ...(rest.length === 0 ? {} : { rest }),
  };
}
