// The committed OpenAPI description is what the routes give, and names nothing that is not in it.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { Json, JsonObject } from '../packages/contract/src/index.ts';
import { RUNS_ROUTES } from '../packages/contract/src/runs/index.ts';
import { buildOpenApi } from '../packages/service/src/http/v1/openapi.ts';
import { isFresh, OPENAPI_FILE } from './openapi/is-fresh.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

test('docs/reference/openapi.json is fresh', () => {
  expect(isFresh(OPENAPI_FILE)).toBe(true);
});

test('another one, and none, are not', () => {
  const folder = mkdtempSync(join(tmpdir(), 'pypes-openapi-'));
  folders.push(folder);
  const file = join(folder, 'openapi.json');
  expect(isFresh(file)).toBe(false);
  writeFileSync(file, readFileSync(OPENAPI_FILE, 'utf8').replace('"minimum": 1', '"minimum": 2'));
  expect(isFresh(file)).toBe(false);
});

test('every reference leads somewhere, every part of a path is described, every operation has a name of its own', () => {
  const description = buildOpenApi() as {
    readonly paths: { readonly [path: string]: { readonly [method: string]: JsonObject } };
  } & JsonObject;
  const refs = [...JSON.stringify(description).matchAll(/"\$ref":"#\/([^"]+)"/g)].map(([, ref = '']) => ref);
  expect(refs.length).toBeGreaterThan(50);
  for (const ref of refs) {
    const found = ref
      .split('/')
      .reduce<Json | undefined>((value, key) => (value as JsonObject | undefined)?.[key], description);
    expect([ref, typeof found]).toEqual([ref, 'object']);
  }
  const operations = Object.entries(description.paths).flatMap(([path, methods]) =>
    Object.values(methods).map((operation) => ({ path, operation })),
  );
  expect(operations.map(({ operation }) => operation.operationId).sort()).toEqual(
    RUNS_ROUTES.map(({ id }) => id as string).sort(),
  );
  for (const { path, operation } of operations) {
    const parts = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    const parameters = (operation.parameters ?? []) as readonly JsonObject[];
    expect(parameters.filter((one) => one.in === 'path').map((one) => one.name)).toEqual(parts);
    const names = parameters.map((one) => `${String(one.in)} ${String(one.name)}`);
    expect(new Set(names).size).toBe(names.length);
  }
});
