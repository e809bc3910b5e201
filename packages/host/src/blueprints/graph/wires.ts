// Wires: a component's context calls a function of another one, and the reply comes back.
import { isJsonObject, type JsonObject, type JsonSchema } from '@pypes/contract';
import type { Wire } from '../blueprint.ts';
import { bitsOf } from '../guard-check.ts';
import { addContext, addEdge, type Context, type Draft, emittersOf } from './draft.ts';
import { INPUT } from './values.ts';

/** A wire with the edges that it became: what releases stand on. */
export type WiredEdges = {
  readonly wire: Wire;
  readonly down: readonly number[];
  readonly up: readonly number[];
  readonly downSchema: JsonSchema | undefined;
  readonly upSchema: JsonSchema | undefined;
};

/** Adds the functions that wires lead to, then the ways there and back. */
export function addWires(draft: Draft): readonly WiredEdges[] {
  const { wires } = draft.blueprint;
  const targets = new Map<Wire, Context>();
  for (const wire of wires) {
    const part = draft.parts.get(wire.provider.component);
    if (part === undefined) continue;
    const name = wire.provider.function ?? onlyName(part.facts.functions);
    const place = { id: `${part.name}.${name ?? ''}`, kind: 'function', where: wire.providerWhere } as const;
    const context = addContext(draft, place, part, wire.provider.function, wire.providerWhere);
    if (context !== undefined) targets.set(wire, context);
  }
  addEntries(draft);
  const callers = new Map<string, Context[]>();
  for (const context of draft.contexts.values()) {
    const list = callers.get(context.part.name) ?? [];
    list.push(context);
    callers.set(context.part.name, list);
  }
  return wires.flatMap((wire) => {
    const target = targets.get(wire);
    return target === undefined ? [] : [addWire(draft, wire, callers.get(wire.component) ?? [], target)];
  });
}

/** What is called from outside: components that call others and are called by nobody; all, where there are no steps. */
function addEntries(draft: Draft): void {
  const { wires, steps, components } = draft.blueprint;
  const called = new Set([
    ...wires.map(({ provider }) => provider.component),
    ...steps.map(({ component }) => component),
  ]);
  const calling = new Set(wires.map(({ component }) => component));
  const everyone = [...components.keys()].every((name) => called.has(name));
  for (const part of draft.parts.values()) {
    const isEntry =
      steps.length === 0 ? everyone || !called.has(part.name) : calling.has(part.name) && !called.has(part.name);
    if (!isEntry) continue;
    for (const name of Object.keys(part.facts.functions)) {
      const id = `${part.name}.${name}`;
      const context = addContext(
        draft,
        { id, kind: 'function', where: part.entry.where, isEntry: true },
        part,
        name,
        part.entry.where,
      );
      if (context === undefined) continue;
      const destination = context.labels.destinations.length > 0;
      addEdge(draft, { from: INPUT, to: context.id, kind: 'argument', where: part.entry.where, destination });
    }
  }
}

function addWire(draft: Draft, wire: Wire, callers: readonly Context[], target: Context): WiredEdges {
  const { coverage, blueprint } = draft;
  const callee = { component: target.part.name, function: target.function };
  const expected = draft.parts.get(wire.component)?.facts.imports?.[wire.import];
  const uses = wire.maxCalls?.value ?? Number.POSITIVE_INFINITY;
  const taken = target.facts.parameters;
  const sent = withFixed(expected?.parameters, wire.fixed);
  const open = withoutFixed(taken, wire.fixed);
  const downBits = Math.min(bitsOf(withoutFixed(expected?.parameters, wire.fixed)), bitsOf(open));
  const upBits = Math.min(bitsOf(target.facts.returns), bitsOf(expected?.returns));
  const destination = target.labels.destinations.some((pointer) => !isFixed(wire.fixed, pointer));
  const [down, up]: [number[], number[]] = [[], []];
  for (const caller of callers) {
    const from = { component: wire.component, function: caller.function };
    const guarded = {
      approved: coverage.covers('approve', from, callee, wire.middleware, 'args'),
      scanned: coverage.covers('dlp', from, callee, wire.middleware, 'args'),
    };
    const scanned = coverage.covers('dlp', from, callee, wire.middleware, 'reply');
    const common = { where: wire.where, uses, ...guarded };
    for (const emitter of emittersOf(caller)) {
      down.push(
        addEdge(draft, { from: emitter, to: target.id, kind: 'argument', bits: downBits, destination, ...common }),
      );
    }
    for (const emitter of emittersOf(target)) {
      up.push(
        addEdge(draft, { from: emitter, to: caller.id, kind: 'reply', bits: upBits, where: wire.where, uses, scanned }),
      );
    }
  }
  const name = `${wire.component}.${wire.import}`;
  const max = blueprint.maxPayload;
  draft.calls.push({
    id: name,
    title: `the wire "${name}"`,
    where: wire.where,
    node: target.id,
    nodeTitle: target.title,
    ...(sent === undefined ? {} : { sent }),
    ...(taken === undefined ? {} : { taken }),
    ...(target.facts.returns === undefined ? {} : { given: target.facts.returns }),
    ...(expected?.returns === undefined ? {} : { expected: expected.returns }),
    mostUses: uses,
    maxBytes: (max.edges.get(name) ?? max.default).value,
    maxBytesWhere: (max.edges.get(name) ?? max.default).where,
    ownLimit: max.edges.has(name),
  });
  return { wire, down, up, downSchema: open, upSchema: target.facts.returns };
}

/** What is sent when the wire has set its arguments. */
function withFixed(schema: JsonSchema | undefined, fixed: JsonObject): JsonSchema | undefined {
  const names = Object.keys(fixed);
  if (schema === undefined || names.length === 0) return schema;
  const { properties, required } = schema;
  return {
    ...schema,
    properties: {
      ...(isJsonObject(properties) ? properties : {}),
      ...Object.fromEntries(names.map((name) => [name, { const: fixed[name] ?? null }])),
    },
    required: [...new Set([...(Array.isArray(required) ? required : []), ...names])],
  };
}

/** What a caller can still choose. */
function withoutFixed(schema: JsonSchema | undefined, fixed: JsonObject): JsonSchema | undefined {
  const names = Object.keys(fixed);
  if (schema === undefined || names.length === 0) return schema;
  const properties = isJsonObject(schema.properties) ? schema.properties : {};
  return {
    ...schema,
    properties: Object.fromEntries(Object.entries(properties).filter(([name]) => !names.includes(name))),
    required: (Array.isArray(schema.required) ? schema.required : []).filter((name) => !names.includes(String(name))),
  };
}

function isFixed(fixed: JsonObject, pointer: string): boolean {
  return Object.hasOwn(fixed, (pointer.split('/')[1] ?? '').replaceAll('~1', '/').replaceAll('~0', '~'));
}

function onlyName(functions: { readonly [name: string]: unknown }): string | undefined {
  const names = Object.keys(functions);
  return names.length === 1 ? names[0] : undefined;
}
