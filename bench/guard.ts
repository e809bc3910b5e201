// The guard: what a decision takes, what it adds to a call, and the same allow rules decided by Cedar.
import * as cedar from '@cedar-policy/cedar-wasm/nodejs';
import { type Call, DEFAULT_LIMITS, type Json, type Next, type Policy } from '@pypes/contract';
import {
  audit,
  carryLabels,
  compose,
  createContexts,
  dataBudget,
  labels,
  readPolicies,
  schema,
  Trail,
} from '@pypes/guard';
import { createHost } from '@pypes/host';
import { createLispyRuntime } from '@pypes/runtimes/lispy';
import { createAjvCompiler } from '@pypes/schemas/ajv';
import { createMemoryMemoryStore, createMemoryPackStore } from '@pypes/stores/memory';
import { timeInTurn } from './components/timing.ts';
import type { Row } from './rows.ts';

const RULES = 100;
const PAYLOAD_BYTES = 4_096;
const DECISIONS = 20_000;
const PACK = '3f0e7a52-6a7c-4c0e-9d3e-0a4f5b6c7d8e';

/** All rows. */
export async function measureGuard(): Promise<readonly Row[]> {
  return [await measureDecision(), await measureOverhead(), await measureCedar()];
}

const from = (index: number) => `agent-${index}`;
const to = (index: number) => `tool-${index % 10}`;
const schemas = createAjvCompiler();

async function createRules(): Promise<readonly Policy[]> {
  const tables: Json = Array.from({ length: RULES }, (_, index) => ({
    use: 'allow',
    from: from(index),
    to: to(index),
  }));
  const { set, violations } = await readPolicies(tables, '/policy');
  if (set === undefined) throw new Error(JSON.stringify(violations));
  const flow = { contexts: createContexts(), about: () => undefined };
  const services = { ...flow, schemas, now: Date.now, readSchema: () => ({}), createAsk: () => async () => undefined };
  return set.create(services);
}

/** 4 KiB in twelve fields, as an agent passes them on. */
const args = Object.fromEntries(
  Array.from({ length: 12 }, (_, index) => [
    `field-${index}`,
    'lorem ipsum dolor sit amet, '.repeat(20).slice(0, PAYLOAD_BYTES / 12),
  ]),
);

function callOf(index: number): Call {
  return {
    kind: 'agent',
    from: from(index),
    to: to(index),
    packGuid: PACK,
    args,
    labels: new Set(['untrusted:web']),
    fields: new Map([['/field-3', new Set(['private:mail'])]]),
    run: `run-${index}`,
    context: contextOf(index),
    trail: new Trail(),
  };
}

const CONTEXTS = 100;
const contextOf = (index: number) => `context-${index % CONTEXTS}`;

const answer: Next = async () => ({ output: 'done', labels: new Set() });

async function measureDecision(): Promise<Row> {
  const contexts = createContexts();
  for (let index = 0; index < CONTEXTS; index++) contexts.open(contextOf(index));
  const guard = compose(
    [
      audit({ write: (record) => JSON.stringify(record) }),
      ...(await createRules()),
      labels({
        about: () => ({ reads: [], sends: ['write'], destinations: ['/field-0'] }),
        contexts,
      }),
    ],
    answer,
  );
  const times: number[] = [];
  let refused = 0;
  for (let index = 0; index < DECISIONS * 2; index++) {
    const call = callOf(index % RULES);
    const began = performance.now();
    await guard(call).catch(() => {
      refused += 1;
    });
    if (index >= DECISIONS) times.push((performance.now() - began) * 1_000);
  }
  if (refused !== DECISIONS * 2) throw new Error(`${refused} calls were refused; untrusted data decides all of them`);
  times.sort((a, b) => a - b);
  const at = (share: number) => times[Math.floor(times.length * share)] ?? Number.NaN;
  return {
    name: `A decision: ${RULES} rules, labels, 4 KiB of arguments: 99th percentile, and median (µs)`,
    value: at(0.99),
    goal: '≤ 100',
    ok: at(0.99) <= 100,
    ours: Number(at(0.99).toPrecision(3)),
    theirs: Number(at(0.5).toPrecision(3)),
    unit: 'µs',
  };
}

async function measureOverhead(): Promise<Row> {
  const host = createHost({
    runtimes: [createLispyRuntime()],
    schemas,
    packs: createMemoryPackStore(),
    memory: createMemoryMemoryStore(),
  });
  const source =
    '(def AGENT {:name "total" :parameters {:type "object" :properties {:prices {:type "array" :items {:type "number"}}} :required ["prices"]}})\n(defn run [context prices] (reduce + 0 (map (fn [p] (* p 1.19)) prices)))\n';
  const { packGuid } = await host.deploy({ schema: 'pack/1.0', agents: [{ filename: 'total.lispy', source }] });
  const pack = await host.get(packGuid);
  if (pack === undefined) throw new Error('The pack is gone');
  const given = { prices: Array.from({ length: 20 }, (_, index) => index) };
  const entry = (await pack.catalog.view()).agents.get('total');
  const checks = entry?.checks();
  const guard = compose(
    [
      audit({ write: () => undefined }),
      dataBudget({ maxArgumentBytes: DEFAULT_LIMITS.argumentBytes, maxOutputBytes: DEFAULT_LIMITS.outputBytes }),
      schema({ checksOf: () => checks }),
      carryLabels({ about: () => undefined, contexts: createContexts() }),
    ],
    answer,
  );
  const plain: Next = async (call) => answer(call);
  const { context: _context, fields: _fields, ...plainCall } = callOf(0);
  const call: Call = { ...plainCall, labels: new Set(), args: given };
  const { whole, guarded, bare } = await timeInTurn({
    whole: async (times) => {
      for (let n = 0; n < times; n++) await host.call(pack, { agent: 'total', args: given });
    },
    guarded: async (times) => {
      for (let n = 0; n < times; n++) await guard(call);
    },
    bare: async (times) => {
      for (let n = 0; n < times; n++) await plain(call);
    },
  });
  await host.close();
  const value = (guarded - bare) / whole;
  return {
    name: 'What the guard adds to a LisPy call: share of the call',
    value,
    goal: '≤ 0.1',
    ok: value <= 0.1,
    ours: Number((guarded - bare).toPrecision(3)),
    theirs: Number(whole.toPrecision(3)),
    unit: 'µs',
  };
}

async function measureCedar(): Promise<Row> {
  const policies = Array.from(
    { length: RULES },
    (_, index) =>
      `permit(principal == Agent::"${from(index)}", action == Action::"call", resource == Tool::"${to(index)}");`,
  ).join('\n');
  const parsed = cedar.preparsePolicySet('rules', { staticPolicies: policies });
  if (parsed.type !== 'success') throw new Error(JSON.stringify(parsed));
  const ask = (index: number) =>
    cedar.statefulIsAuthorized({
      principal: { type: 'Agent', id: from(index) },
      action: { type: 'Action', id: 'call' },
      resource: { type: 'Tool', id: to(index) },
      context: {},
      preparsedPolicySetId: 'rules',
      entities: [],
    });
  const first = ask(7);
  if (first.type !== 'success' || first.response.decision !== 'allow') throw new Error(JSON.stringify(first));
  const guard = compose(await createRules(), answer);
  const calls = Array.from({ length: RULES }, (_, index) => callOf(index));
  const { ours, theirs } = await timeInTurn({
    ours: async (times) => {
      for (let n = 0; n < times; n++) await guard(calls[n % RULES] as Call);
    },
    theirs: (times) => {
      for (let n = 0; n < times; n++) ask(n % RULES);
    },
  });
  return {
    name: `${RULES} allow rules: times faster than cedar-wasm, its policies parsed before`,
    value: theirs / ours,
    goal: '≥ 1',
    ok: theirs >= ours,
    ours: Number(ours.toPrecision(3)),
    theirs: Number(theirs.toPrecision(3)),
    unit: 'µs',
  };
}
