// Suites of reference plans, and beside them what their tools are: read, and refused where they are something else.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isJsonObject, type Json, type JsonObject } from '../../packages/contract/src/index.ts';

/** One call of a plan as it was executed. `taintedBy` is undefined where the suite does not say. */
export type PlannedCall = {
  readonly tool: string;
  readonly args: JsonObject;
  readonly result: Json;
  readonly taintedBy: readonly string[] | undefined;
};

export type UserTask = { readonly id: string; readonly prompt: string; readonly calls: readonly PlannedCall[] };
export type AttackerTask = { readonly id: string; readonly goal: string; readonly calls: readonly PlannedCall[] };

/** A tool: whether it has consequences, and which of its arguments name a destination. */
export type Tool = {
  readonly isSink: boolean;
  readonly destinations: readonly string[];
  readonly parameters: JsonObject;
};

export type Suite = {
  readonly name: string;
  readonly tools: ReadonlyMap<string, Tool>;
  /** The text that stands at each place where an attacker can write. */
  readonly vectors: ReadonlyMap<string, string>;
  readonly userTasks: readonly UserTask[];
  readonly attackerTasks: readonly AttackerTask[];
};

const LABELS = 'labels.json';

/** Every suite of a folder. */
export function readSuites(folder: string): readonly Suite[] {
  const labels = objectOf(JSON.parse(readFileSync(join(folder, LABELS), 'utf8')), LABELS);
  const files = readdirSync(folder).filter((file) => file.endsWith('.json') && file !== LABELS);
  if (files.length === 0) throw new Error(`There is no suite in "${folder}"; a suite is a JSON file beside ${LABELS}`);
  return files.sort().map((file) => {
    const data = objectOf(JSON.parse(readFileSync(join(folder, file), 'utf8')), file);
    return toSuite(data, textOf(data.suite ?? file.replace(/\.json$/, '')), labels);
  });
}

function toSuite(data: JsonObject, name: string, labels: JsonObject): Suite {
  const sinks = objectOf(labels.sinks, 'sinks')[name];
  if (!Array.isArray(sinks)) throw new Error(`${LABELS} does not say which tools of the suite "${name}" are sinks`);
  const destinations = objectOf(labels.destination_args ?? {}, 'destination_args');
  const userTasks = listOf(data.user_tasks);
  const attackerTasks = listOf(data.injection_tasks);
  const schemas = new Map(listOf(data.tools).map((tool) => [textOf(tool.name), tool.parameters ?? {}]));
  const called = [...userTasks, ...attackerTasks].flatMap(({ calls }) =>
    listOf(calls).map((call) => textOf(call.function)),
  );
  const tools = [...new Set([...schemas.keys(), ...called])].map((tool): [string, Tool] => [
    tool,
    {
      isSink: sinks.includes(tool),
      destinations: ((destinations[tool] ?? []) as readonly Json[]).map((argument) => `/${textOf(argument)}`),
      parameters: objectOf(schemas.get(tool) ?? {}, 'parameters'),
    },
  ]);
  const vectors = Object.entries(objectOf(data.injection_vectors ?? {}, 'injection_vectors'));
  return {
    name,
    tools: new Map(tools),
    vectors: new Map(vectors.map(([id, vector]) => [id, defaultOf(vector)])),
    userTasks: userTasks.map((task) => ({
      id: textOf(task.id),
      prompt: textOf(task.prompt),
      calls: listOf(task.calls).map(toCall),
    })),
    attackerTasks: attackerTasks.map((task) => ({
      id: textOf(task.id),
      goal: textOf(task.goal),
      calls: listOf(task.calls).map(toCall),
    })),
  };
}

function toCall(call: JsonObject): PlannedCall {
  const { result = null, error, tainted_by: taintedBy } = call;
  return {
    tool: textOf(call.function),
    args: objectOf(call.args ?? {}, 'args'),
    result: error === undefined || error === null ? result : { error, result },
    taintedBy: Array.isArray(taintedBy) ? taintedBy.map(textOf) : undefined,
  };
}

function defaultOf(vector: Json): string {
  return typeof vector === 'string' ? vector : textOf(objectOf(vector, 'injection_vectors').default ?? '');
}

function listOf(value: Json | undefined): readonly JsonObject[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw new Error(`A list is wanted, got ${JSON.stringify(value).slice(0, 80)}`);
  return value.map((item: Json) => objectOf(item, 'an item'));
}

function objectOf(value: Json | undefined, what: string): JsonObject {
  if (isJsonObject(value)) return value;
  throw new Error(`"${what}" has to be an object, got ${JSON.stringify(value)?.slice(0, 80)}`);
}

function textOf(value: Json | undefined): string {
  if (typeof value === 'string') return value;
  throw new Error(`A text is wanted, got ${JSON.stringify(value)?.slice(0, 80)}`);
}
