// Writes the OpenAPI description of `/v1` from its routes: `npm run build:openapi` writes docs/reference/openapi.json,
// `npm run build:openapi -- --check` writes nothing and fails where what is committed is something else.
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { buildOpenApi } from '../packages/service/src/http/v1/openapi.ts';
import { isFresh, OPENAPI_FILE } from './openapi/is-fresh.ts';

if (process.argv.includes('--check')) {
  if (!isFresh(OPENAPI_FILE)) {
    console.error(`"${OPENAPI_FILE}" is not what the routes give; run npm run build:openapi and commit it`);
    process.exitCode = 1;
  }
} else {
  mkdirSync(dirname(OPENAPI_FILE), { recursive: true });
  writeFileSync(OPENAPI_FILE, `${JSON.stringify(buildOpenApi(), null, 2)}\n`);
  const { status } = spawnSync('biome', ['format', '--write', OPENAPI_FILE], { stdio: 'inherit' });
  process.exitCode = status ?? 1;
}
