// A picture of the graph: what each place may hold, and the path of a finding through it.
import { type Finding, type FlowEdge, type FlowGraph, type FlowNode, flowLabels, type Mark } from '../guard-check.ts';
import { type Box, type Layout, layOut } from './layout.ts';

/** A line between two places, for one or more ways of a value. */
type Way = { readonly from: string; readonly to: string; readonly kinds: ReadonlySet<string>; both: boolean };

const FONT = 13;
const WIDTH_OF_A_CHARACTER = 8.1;
const LONGEST_TITLE = 44;
const LEGEND_HEIGHT = 34;

/** The graph as SVG, with the path of one finding where it is given. Text that is not ours is escaped. */
export function toSvg(graph: FlowGraph, finding?: Finding): string {
  const shown = graph.nodes.filter(({ id, kind }) => kind !== 'field' && isConnected(graph, id));
  const ids = new Set(shown.map(({ id }) => id));
  const paths = [finding?.path ?? [], finding?.otherPath ?? []].map((path) =>
    path.map(({ node }) => withoutField(node)),
  );
  const ways = toWays(graph.edges, ids).map((way) => alongPath(way, paths));
  const labels = flowLabels(graph);
  const marksOf = (id: string) =>
    MARKS.filter((mark) => [...(labels.get(id) ?? [])].some((label) => label.startsWith(`${mark}:`)));
  const boxes = shown.map((node): Box => ({ id: node.id, ...sizeOf(node, marksOf(node.id)) }));
  const layout = layOut(boxes, ways);
  const onPath = new Set(paths.flat());
  const width = Math.max(layout.width, LEGEND_WIDTH);
  const height = layout.height + LEGEND_HEIGHT;
  const title = finding === undefined ? `The graph of ${graph.path}` : `${finding.code}: ${finding.message}`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 ${round(width)} ${round(height)}" width="${round(width)}" height="${round(height)}" font-family="system-ui, sans-serif" font-size="${FONT}">`,
    `<title>${escapeXml(title)}</title>`,
    HEAD,
    `<rect width="100%" height="100%" fill="#ffffff"/>`,
    ...ways.map((way, index) => drawWay(way, layout.lines[index] ?? [], wayClass(way, paths))),
    ...shown.map((node, index) => drawNode(node, boxes[index] as Box, layout, marksOf(node.id), onPath.has(node.id))),
    legend(layout.height),
    '</svg>',
    '',
  ].join('\n');
}

const MARKS: readonly Mark[] = ['private', 'untrusted'];
const LEGEND_WIDTH = 640;

const HEAD = `<defs>${['#7a8794', '#c62828', '#b26a00']
  .map(
    (color, index) =>
      `<marker id="tip${index}" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="8" markerHeight="8" markerUnits="userSpaceOnUse" orient="auto-start-reverse"><path d="M0 0 10 5 0 10z" fill="${color}"/></marker>`,
  )
  .join('')}</defs>`;

const FILLS: { readonly [marks: string]: string } = {
  '': '#f3f5f7',
  private: '#dbe9ff',
  untrusted: '#ffeccc',
  'private untrusted': '#ffd9d6',
};

function isConnected({ edges, nodes }: FlowGraph, id: string): boolean {
  return nodes.length < 2 || edges.some(({ from, to }) => from === id || to === id || withoutField(from) === id);
}

/** Ways there and back are one line with two tips; a part of what a place gives is that place. */
function toWays(edges: readonly FlowEdge[], ids: ReadonlySet<string>): readonly Way[] {
  const ways = new Map<string, { from: string; to: string; kinds: Set<string>; both: boolean }>();
  for (const { from: begin, to, kind } of edges) {
    const from = withoutField(begin);
    if (from === to || !ids.has(from) || !ids.has(to)) continue;
    const back = ways.get(`${to}\0${from}`);
    if (back !== undefined) {
      back.kinds.add(kind);
      back.both = true;
      continue;
    }
    const way = ways.get(`${from}\0${to}`) ?? { from, to, kinds: new Set<string>(), both: false };
    ways.set(`${from}\0${to}`, way);
    way.kinds.add(kind);
  }
  return [...ways.values()];
}

/** What goes both ways is drawn as the path goes. */
function alongPath(way: Way, paths: readonly (readonly string[])[]): Way {
  const { from, to, both } = way;
  const against = paths.some((path) => path.some((id, index) => index > 0 && path[index - 1] === to && id === from));
  return both && against ? { ...way, from: to, to: from } : way;
}

function wayClass({ from, to }: Way, paths: readonly (readonly string[])[]): 0 | 1 | 2 {
  const uses = (path: readonly string[]) =>
    path.some(
      (id, index) => index > 0 && ((path[index - 1] === from && id === to) || (path[index - 1] === to && id === from)),
    );
  return uses(paths[0] ?? []) ? 1 : uses(paths[1] ?? []) ? 2 : 0;
}

function drawWay({ both, kinds }: Way, points: Layout['lines'][number], look: 0 | 1 | 2): string {
  const [first, ...rest] = points;
  if (first === undefined) return '';
  let path = `M${round(first.x)} ${round(first.y)}`;
  let at = first;
  for (const point of rest) {
    const middle = (at.x + point.x) / 2;
    path += ` C${round(middle)} ${round(at.y)} ${round(middle)} ${round(point.y)} ${round(point.x)} ${round(point.y)}`;
    at = point;
  }
  const stroke = [
    'stroke="#7a8794" stroke-width="1.4"',
    'stroke="#c62828" stroke-width="3"',
    'stroke="#b26a00" stroke-width="3" stroke-dasharray="8 4"',
  ][look];
  const start = both ? ` marker-start="url(#tip${look})"` : '';
  return `<path d="${path}" fill="none" ${stroke} marker-end="url(#tip${look})"${start}><title>${escapeXml([...kinds].join(', '))}</title></path>`;
}

function drawNode(
  { id, kind, title, sends, where }: FlowNode,
  { width, height }: Box,
  { boxes }: Layout,
  marks: readonly Mark[],
  onPath: boolean,
): string {
  const centre = boxes.get(id) ?? { x: 0, y: 0 };
  const [x, y] = [round(centre.x - width / 2), round(centre.y - height / 2)];
  const radius = kind === 'memory' || kind === 'objects' || kind === 'state' ? height / 2 : kind === 'sink' ? 0 : 8;
  const border = onPath
    ? 'stroke="#c62828" stroke-width="3"'
    : sends !== undefined
      ? 'stroke="#37474f" stroke-width="2.4"'
      : 'stroke="#90a0ad" stroke-width="1.2"';
  const dashes = kind === 'model' ? ' stroke-dasharray="5 3"' : '';
  const lines = [
    `<tspan x="${round(centre.x)}" y="${round(centre.y + (marks.length === 0 ? 4 : -4))}" font-weight="600">${escapeXml(shorten(title))}</tspan>`,
  ];
  if (marks.length > 0)
    lines.push(
      `<tspan x="${round(centre.x)}" y="${round(centre.y + 13)}" font-size="11" fill="#3c4650">${marks.join(' · ')}</tspan>`,
    );
  return `<g><title>${escapeXml(`${title} (${kind}, line ${where.line})`)}</title><rect x="${x}" y="${y}" width="${round(width)}" height="${round(height)}" rx="${round(radius)}" fill="${FILLS[marks.join(' ')]}" ${border}${dashes}/><text text-anchor="middle" fill="#14191e">${lines.join('')}</text></g>`;
}

function legend(top: number): string {
  const y = round(top + 6);
  const items: readonly (readonly [string, string])[] = [
    ['#f3f5f7', 'public'],
    ['#dbe9ff', 'private'],
    ['#ffeccc', 'untrusted'],
    ['#ffd9d6', 'both'],
  ];
  const swatches = items.map(
    ([fill, text], index) =>
      `<rect x="${24 + index * 96}" y="${y}" width="16" height="14" rx="3" fill="${fill}" stroke="#90a0ad"/><text x="${46 + index * 96}" y="${y + 12}" font-size="12" fill="#14191e">${text}</text>`,
  );
  const ends = `<path d="M412 ${y + 7}h26" stroke="#c62828" stroke-width="3"/><text x="444" y="${y + 12}" font-size="12" fill="#14191e">path</text><path d="M492 ${y + 7}h26" stroke="#b26a00" stroke-width="3" stroke-dasharray="8 4"/><text x="524" y="${y + 12}" font-size="12" fill="#14191e">what meets it</text>`;
  return `<g>${swatches.join('')}${ends}</g>`;
}

function sizeOf({ title }: FlowNode, marks: readonly Mark[]): { readonly width: number; readonly height: number } {
  const longest = Math.max(shorten(title).length, marks.join(' · ').length);
  return { width: Math.max(72, longest * WIDTH_OF_A_CHARACTER + 28), height: marks.length === 0 ? 34 : 46 };
}

function shorten(title: string): string {
  const characters = [...title];
  return characters.length <= LONGEST_TITLE ? title : `${characters.slice(0, LONGEST_TITLE - 1).join('')}…`;
}

function withoutField(id: string): string {
  const mark = id.indexOf('#');
  return mark === -1 ? id : id.slice(0, mark);
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function escapeXml(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '\uFFFD')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
