// The operator's models: `ai.json` in the data folder, checked field by field, and the log of what was asked.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AiBudget, AiModel, AiProvider, AiRecord, AiSettings } from '@pypes/capabilities/ai';
import { isJsonObject, type Json, type JsonObject, PypesError } from '@pypes/contract';

const KINDS = ['openai', 'openai-compatible', 'anthropic'] as const;

/** The settings; undefined where there is no file. @throws PypesError `invalid_request` that names the field */
export function loadAiSettings(root: string): AiSettings | undefined {
  const path = join(root, 'ai.json');
  const text = readIfThere(path);
  if (text === undefined) return undefined;
  let value: Json;
  try {
    value = JSON.parse(text) as Json;
  } catch (error) {
    throw wrong(path, `it is no JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  return readSettings(value, path);
}

/** What was recorded of requests, for budgets that outlive a restart; lines that a crash cut off are left out. */
export function loadAiRecords(path: string): readonly AiRecord[] {
  const since = Date.now() - 86_400_000;
  return (readIfThere(path) ?? '').split('\n').flatMap((line) => {
    try {
      const record = JSON.parse(line) as AiRecord;
      return Date.parse(record.time) >= since ? [record] : [];
    } catch {
      return [];
    }
  });
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as { code?: unknown }).code === 'ENOENT') return undefined;
    throw new PypesError('unavailable', `Cannot read ${path}: ${String(error)}`);
  }
}

function readSettings(value: Json, path: string): AiSettings {
  const settings = objectOf(value, path, 'the file', ['providers', 'default', 'budgets', 'timeout_ms']);
  const { providers, budgets = {} } = settings;
  if (!Array.isArray(providers) || providers.length === 0) throw wrong(path, 'providers has to be a list of providers');
  const read = (providers as readonly Json[]).map((provider, index) =>
    readProvider(provider, path, `providers[${index}]`),
  );
  const names = read.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw wrong(path, `two providers are named "${twice}"`);
  const known = new Set(
    read.flatMap(({ name, models }) =>
      models.flatMap(({ id, alias }) => [`${name}/${id}`, ...(alias === undefined ? [] : [alias])]),
    ),
  );
  const wanted = [
    ...(typeof settings.default === 'string' ? [settings.default] : []),
    ...read.flatMap(({ models }) => models.flatMap(({ fallbacks = [] }) => fallbacks)),
  ];
  const missing = wanted.find((name) => !known.has(name));
  if (missing !== undefined)
    throw wrong(path, `"${missing}" is no model of a provider here; there are ${[...known].join(', ')}`);
  return {
    providers: read,
    ...optional(settings, 'default', 'string', path),
    ...optional(settings, 'timeout_ms', 'number', path),
    budgets: Object.fromEntries(
      Object.entries(objectOf(budgets, path, 'budgets')).map(([pack, budget]) => [
        pack,
        readBudget(budget, path, `budgets.${pack}`),
      ]),
    ),
  };
}

function readProvider(value: Json, path: string, at: string): AiProvider {
  const provider = objectOf(value, path, at, ['name', 'kind', 'base_url', 'key', 'models']);
  const { name, kind, models } = provider;
  if (typeof name !== 'string' || !/^[a-z0-9][a-z0-9_-]{0,40}$/.test(name)) {
    throw wrong(path, `${at}.name has to be a short name of small letters`);
  }
  if (!KINDS.includes(kind as AiProvider['kind'])) throw wrong(path, `${at}.kind has to be one of ${KINDS.join(', ')}`);
  if (kind === 'openai-compatible' && typeof provider.base_url !== 'string') {
    throw wrong(path, `${at}.base_url is needed for openai-compatible, such as http://127.0.0.1:11434/v1`);
  }
  if (!Array.isArray(models) || models.length === 0) throw wrong(path, `${at}.models has to be a list of models`);
  return {
    name,
    kind: kind as AiProvider['kind'],
    ...optional(provider, 'base_url', 'string', path),
    ...optional(provider, 'key', 'string', path),
    models: (models as readonly Json[]).map((model, index) => readModel(model, path, `${at}.models[${index}]`)),
  };
}

function readModel(value: Json, path: string, at: string): AiModel {
  const model = objectOf(value, path, at, ['id', 'alias', 'fallbacks', 'max_output_tokens']);
  const { id, fallbacks } = model;
  if (typeof id !== 'string' || id === '') throw wrong(path, `${at}.id has to be a text`);
  if (fallbacks !== undefined && !(Array.isArray(fallbacks) && fallbacks.every((one) => typeof one === 'string'))) {
    throw wrong(path, `${at}.fallbacks has to be a list of models, such as ["local/small"]`);
  }
  return {
    id,
    ...optional(model, 'alias', 'string', path),
    ...optional(model, 'max_output_tokens', 'number', path),
    ...(fallbacks === undefined ? {} : { fallbacks: fallbacks as readonly string[] }),
  };
}

function readBudget(value: Json, path: string, at: string): AiBudget {
  const budget = objectOf(value, path, at, ['window', 'requests', 'tokens']);
  if (budget.window !== 'hour' && budget.window !== 'day') throw wrong(path, `${at}.window has to be hour or day`);
  return {
    window: budget.window,
    ...optional(budget, 'requests', 'number', path),
    ...optional(budget, 'tokens', 'number', path),
  };
}

function objectOf(value: Json, path: string, at: string, keys?: readonly string[]): JsonObject {
  if (!isJsonObject(value)) throw wrong(path, `${at} has to be an object`);
  const unknown = keys === undefined ? undefined : Object.keys(value).find((key) => !keys.includes(key));
  if (unknown !== undefined) throw wrong(path, `${at} has "${unknown}", there are ${keys?.join(', ')}`);
  return value;
}

function optional(
  object: JsonObject,
  key: string,
  type: 'string' | 'number',
  path: string,
): { readonly [key: string]: never } {
  const value = object[key];
  if (value === undefined) return {};
  const fits = type === 'string' ? typeof value === 'string' && value !== '' : typeof value === 'number' && value > 0;
  if (!fits) throw wrong(path, `${key} has to be a ${type === 'string' ? 'text' : 'number above 0'}`);
  return { [key]: value as never };
}

function wrong(path: string, what: string): PypesError {
  return new PypesError('invalid_request', `${path}: ${what}; see docs/guide/ai.md`);
}
