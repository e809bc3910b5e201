// Which policies can be configured, and what their tables take.
import type { Call, JsonSchema, Policy, SchemaCompiler } from '@pypes/contract';
import type { Ask } from '../approvals/ask.ts';
import { DETECTABLE } from '../dlp/scanner.ts';
import type { Contexts } from '../flow/contexts.ts';
import type { Match } from '../match/match.ts';
import { type AllowRule, allow } from '../policies/allow.ts';
import { approve } from '../policies/approve.ts';
import { dlp } from '../policies/dlp.ts';
import { type CalleeLabels, labels } from '../policies/labels.ts';
import { parseLabelsConfig } from '../policies/labels-config.ts';
import { rate } from '../policies/rate.ts';
import { runBudget } from '../policies/run-budget.ts';
import { schemaOf } from '../policies/schema-of.ts';
import type { Fields } from './fields.ts';

/** What policies are made with. */
export type PolicyServices = {
  readonly schemas: SchemaCompiler;
  readonly now: () => number;
  /** A schema that a table names by its path. @throws PypesError where there is none */
  readonly readSchema: (path: string) => JsonSchema;
  readonly ask: Ask;
  /** What has been read by whom. */
  readonly contexts: Contexts;
  /** What is known about the flow of what is called. */
  readonly about: (call: Call) => CalleeLabels | undefined;
};

/** One kind of policy. */
export interface PolicyKind {
  readonly name: string;
  /** Tables of this kind make one policy together, at the place of the first. */
  readonly isGrouped?: boolean;
  /** What a table says; undefined where something is wrong, which has been reported. */
  read(fields: Fields, match: Match): unknown;
  /** The policy of one table, or of all tables of a grouped kind. */
  make(items: readonly unknown[], services: PolicyServices): Policy;
}

/** Ties what a kind reads to what it makes. */
export function defineKind<Item>(kind: {
  readonly name: string;
  readonly isGrouped?: boolean;
  readonly read: (fields: Fields, match: Match) => Item | undefined;
  readonly make: (items: readonly Item[], services: PolicyServices) => Policy;
}): PolicyKind {
  return kind as PolicyKind;
}

/** The one item of a kind that is not grouped. */
function only<Item>([item]: readonly Item[]): Item {
  return item as Item;
}

/** Leaves out what was not given. */
function given<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}

type SchemaSource = string | JsonSchema;

function readSchemaField(fields: Fields, name: string): SchemaSource | undefined {
  const value = fields.any(name);
  if (value === undefined || typeof value === 'string') return value;
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonSchema;
  fields.report(name, 'takes a JSON Schema, or the path of a file with one');
  return undefined;
}

function compileSource(source: SchemaSource | undefined, { schemas, readSchema }: PolicyServices) {
  if (source === undefined) return undefined;
  return schemas.compile(typeof source === 'string' ? readSchema(source) : source);
}

export const KINDS: readonly PolicyKind[] = [
  defineKind({
    name: 'data-budget',
    read(fields, match) {
      const limits = given({
        max_bytes_per_call: fields.whole('max_bytes_per_call', 0),
        max_bytes_per_run: fields.whole('max_bytes_per_run', 0),
        max_calls_per_run: fields.whole('max_calls_per_run', 0),
      });
      const on = fields.oneOf('on', ['args', 'reply', 'both']);
      if (Object.keys(limits).length === 0) {
        fields.report('', 'needs a limit: max_bytes_per_call, max_bytes_per_run or max_calls_per_run');
        return undefined;
      }
      return { ...match, ...limits, ...given({ on }) };
    },
    make: (items) => runBudget(only(items)),
  }),
  defineKind({
    name: 'rate',
    read(fields, match) {
      fields.require('max_calls', 'per_seconds');
      const most = fields.whole('max_calls', 1);
      const seconds = fields.number('per_seconds', 0.001);
      const by = fields.oneOf('by', ['pack', 'user', 'run', 'all']);
      if (most === undefined || seconds === undefined) return undefined;
      return { ...match, max_calls: most, per_seconds: seconds, ...given({ by }) };
    },
    make: (items, { now }) => rate(only(items), now),
  }),
  defineKind({
    name: 'allow',
    isGrouped: true,
    read(fields, { from, to, pack }) {
      fields.require('from', 'to');
      const hosts = fields.texts('hosts');
      const args = readSchemaField(fields, 'args');
      if (from === undefined || to === undefined) return undefined;
      return { from, to, ...given({ pack, hosts, args }) };
    },
    make: (items, services) =>
      allow(
        items.map(({ args, ...rule }): AllowRule => {
          const check = compileSource(args, services);
          return check === undefined ? rule : { ...rule, args: check };
        }),
      ),
  }),
  defineKind({
    name: 'schema',
    read(fields, match) {
      const sources = given({ input: readSchemaField(fields, 'input'), output: readSchemaField(fields, 'output') });
      if (Object.keys(sources).length > 0) return { match, ...sources };
      fields.report('', 'needs "input" or "output": a JSON Schema, or the path of a file with one');
      return undefined;
    },
    make(items, services) {
      const { match, input, output } = only(items);
      const checks = { input: compileSource(input, services), output: compileSource(output, services) };
      return schemaOf({ ...match, ...given(checks) });
    },
  }),
  defineKind({
    name: 'dlp',
    read(fields, match) {
      fields.require('detect', 'action');
      const detect = fields.listOf('detect', DETECTABLE);
      const action = fields.oneOf('action', ['block', 'redact', 'approve']);
      const rest = given({
        on: fields.oneOf('on', ['args', 'reply', 'both']),
        capabilities: fields.flag('capabilities'),
        approvers: fields.texts('approvers'),
        ttl_seconds: fields.number('ttl_seconds', 1),
        wait_seconds: fields.number('wait_seconds', 0),
      });
      return detect === undefined || action === undefined ? undefined : { ...match, ...rest, detect, action };
    },
    make: (items, { now, ask }) => dlp(only(items), { now, ask }),
  }),
  defineKind({
    name: 'labels',
    read(fields, match) {
      for (const name of Object.keys(match)) fields.report(name, 'is not taken by "labels": it holds for every call');
      const table = ['action', 'after_stop', 'unproven', 'declared'].flatMap((key) => {
        const value = fields.any(key);
        return value === undefined ? [] : [[key, value] as const];
      });
      try {
        return parseLabelsConfig({ use: 'labels', ...Object.fromEntries(table) }, fields.pointer);
      } catch (error) {
        fields.report('', error instanceof Error ? error.message : String(error));
        return undefined;
      }
    },
    make: (items, { about, contexts, ask }) =>
      labels({
        ...only(items),
        about,
        contexts,
        approve: async ({ call, reason }) => {
          await ask(call, { policy: 'labels', reason });
          return true;
        },
      }),
  }),
  defineKind({
    name: 'approve',
    read: (fields, match) => ({
      ...match,
      ...given({
        reason: fields.text('reason'),
        approvers: fields.texts('approvers'),
        ttl_seconds: fields.number('ttl_seconds', 1),
        wait_seconds: fields.number('wait_seconds', 0),
      }),
    }),
    make: (items, { ask }) => approve(only(items), ask),
  }),
];
