// A layered layout, left to right: layers by the longest way, few crossings, long edges led around what is between.

/** A box to be placed. */
export type Box = { readonly id: string; readonly width: number; readonly height: number };
export type Line = { readonly from: string; readonly to: string };
type Point = { readonly x: number; readonly y: number };

/** Where everything lies: centres of boxes, points of lines. */
export type Layout = {
  readonly width: number;
  readonly height: number;
  readonly boxes: ReadonlyMap<string, Point>;
  /** In the order of the lines that were given; the ends are on the sides of the boxes. */
  readonly lines: readonly (readonly Point[])[];
};

const BETWEEN_LAYERS = 72;
const BETWEEN_BOXES = 22;
const MARGIN = 24;
const SWEEPS = 8;
const HEIGHT_OF_A_LINE = 6;

/** Places the boxes. Lines in a circle are turned round where it is closed. */
export function layOut(boxes: readonly Box[], lines: readonly Line[]): Layout {
  const forward = withoutCircles(boxes, lines);
  const layers = toLayers(boxes, forward);
  const { chains, places } = withBends(boxes, forward, layers);
  const order = arrange(places, chains);
  return measure(boxes, lines, forward, chains, order);
}

type Directed = { readonly from: string; readonly to: string; readonly turned: boolean };

/** A walk in depth finds the lines that close circles. */
function withoutCircles(boxes: readonly Box[], lines: readonly Line[]): readonly Directed[] {
  const leaving = new Map<string, number[]>(boxes.map(({ id }) => [id, []]));
  for (const [index, { from }] of lines.entries()) leaving.get(from)?.push(index);
  const state = new Map<string, 'under' | 'done'>();
  const turned = new Set<number>();
  const entered = new Set(lines.map(({ to }) => to));
  const starts = [...boxes.filter(({ id }) => !entered.has(id)), ...boxes];
  for (const { id: start } of starts) {
    if (state.has(start)) continue;
    const stack = [{ id: start, left: [...(leaving.get(start) ?? [])] }];
    state.set(start, 'under');
    while (stack.length > 0) {
      const top = stack.at(-1) as (typeof stack)[number];
      const index = top.left.shift();
      if (index === undefined) {
        state.set(top.id, 'done');
        stack.pop();
        continue;
      }
      const { to } = lines[index] as Line;
      if (state.get(to) === 'under') turned.add(index);
      else if (!state.has(to)) {
        state.set(to, 'under');
        stack.push({ id: to, left: [...(leaving.get(to) ?? [])] });
      }
    }
  }
  return lines.map(({ from, to }, index) =>
    turned.has(index) ? { from: to, to: from, turned: true } : { from, to, turned: false },
  );
}

function toLayers(boxes: readonly Box[], lines: readonly Directed[]): ReadonlyMap<string, number> {
  const layers = new Map(boxes.map(({ id }) => [id, 0]));
  const waiting = new Map(boxes.map(({ id }) => [id, 0]));
  const leaving = new Map<string, string[]>(boxes.map(({ id }) => [id, []]));
  for (const { from, to } of lines) {
    if (from === to) continue;
    waiting.set(to, (waiting.get(to) ?? 0) + 1);
    leaving.get(from)?.push(to);
  }
  const ready = boxes.filter(({ id }) => waiting.get(id) === 0).map(({ id }) => id);
  for (let at = 0; at < ready.length; at++) {
    const id = ready[at] as string;
    for (const next of leaving.get(id) ?? []) {
      layers.set(next, Math.max(layers.get(next) ?? 0, (layers.get(id) ?? 0) + 1));
      waiting.set(next, (waiting.get(next) ?? 0) - 1);
      if (waiting.get(next) === 0) ready.push(next);
    }
  }
  return layers;
}

type Bends = {
  /** For each line: the places that it goes through, its ends included. */
  readonly chains: readonly (readonly string[])[];
  /** By layer: boxes and bends. */
  readonly places: string[][];
};

/** A place in every layer that a line crosses. */
function withBends(boxes: readonly Box[], lines: readonly Directed[], layers: ReadonlyMap<string, number>): Bends {
  const places: string[][] = [];
  const put = (id: string, layer: number) => {
    places[layer] ??= [];
    places[layer]?.push(id);
  };
  for (const { id } of boxes) put(id, layers.get(id) ?? 0);
  const chains = lines.map(({ from, to }, index) => {
    const [first, last] = [layers.get(from) ?? 0, layers.get(to) ?? 0];
    const chain = [from];
    for (let layer = first + 1; layer < last; layer++) {
      const id = `\0${index} ${layer}`;
      put(id, layer);
      chain.push(id);
    }
    return [...chain, to];
  });
  return { chains, places: Array.from(places, (layer) => layer ?? []) };
}

/** Puts each place next to the middle of its neighbours, to and fro. */
function arrange(places: readonly string[][], chains: readonly (readonly string[])[]): readonly (readonly string[])[] {
  const before = new Map<string, string[]>();
  const after = new Map<string, string[]>();
  const link = (map: Map<string, string[]>, id: string, other: string) => map.set(id, [...(map.get(id) ?? []), other]);
  for (const chain of chains) {
    for (let index = 1; index < chain.length; index++) {
      link(before, chain[index] as string, chain[index - 1] as string);
      link(after, chain[index - 1] as string, chain[index] as string);
    }
  }
  let order = places.map((layer) => [...layer]);
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    const neighbours = sweep % 2 === 0 ? before : after;
    const position = new Map(
      order.flatMap((layer) => layer.map((id, index) => [id, index / Math.max(1, layer.length - 1)] as const)),
    );
    order = order.map((layer) => {
      const weight = new Map(
        layer.map((id) => {
          const all = (neighbours.get(id) ?? []).map((other) => position.get(other) ?? 0);
          return [
            id,
            all.length === 0 ? (position.get(id) ?? 0) : all.reduce((sum, each) => sum + each, 0) / all.length,
          ];
        }),
      );
      return [...layer].sort((a, b) => (weight.get(a) ?? 0) - (weight.get(b) ?? 0));
    });
  }
  return order;
}

function measure(
  boxes: readonly Box[],
  lines: readonly Line[],
  forward: readonly Directed[],
  chains: readonly (readonly string[])[],
  order: readonly (readonly string[])[],
): Layout {
  const sizes = new Map(boxes.map((box) => [box.id, box]));
  const heightOf = (id: string) => sizes.get(id)?.height ?? HEIGHT_OF_A_LINE;
  const heights = order.map((layer) => layer.reduce((sum, id) => sum + heightOf(id) + BETWEEN_BOXES, -BETWEEN_BOXES));
  const height = Math.max(0, ...heights) + 2 * MARGIN;
  const points = new Map<string, Point>();
  let left = MARGIN;
  for (const [index, layer] of order.entries()) {
    const width = Math.max(0, ...layer.map((id) => sizes.get(id)?.width ?? 0));
    let top = (height - (heights[index] ?? 0)) / 2;
    for (const id of layer) {
      points.set(id, { x: left + width / 2, y: top + heightOf(id) / 2 });
      top += heightOf(id) + BETWEEN_BOXES;
    }
    left += width + BETWEEN_LAYERS;
  }
  const placed = lines.map((_, index) => {
    const chain = chains[index] ?? [];
    const way = chain.map((id, at) => {
      const point = points.get(id) as Point;
      const half = (sizes.get(id)?.width ?? 0) / 2;
      return at === 0
        ? { x: point.x + half, y: point.y }
        : at === chain.length - 1
          ? { x: point.x - half, y: point.y }
          : point;
    });
    return forward[index]?.turned === true ? way.reverse() : way;
  });
  const width = left - BETWEEN_LAYERS + MARGIN;
  return { width, height, boxes: new Map(boxes.map(({ id }) => [id, points.get(id) as Point])), lines: placed };
}
