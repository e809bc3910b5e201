// The official conformance suite, against a service of this machine: all that both revisions require, and nothing
// expected to fail. Agents of this repository's own contract are what it calls.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type NodeService, startNodeService } from '../backends/node.ts';
import { writeConformanceAgents } from './testing/conformance-agents.fixture.ts';

const TOOLS = resolve(import.meta.dirname, '../../../../.tools');
const SUITE = join(TOOLS, 'mcp/node_modules/@modelcontextprotocol/conformance/dist/index.js');
const INSTALL =
  'npm install --no-save --ignore-scripts --prefix .tools/mcp @modelcontextprotocol/conformance@0.2.0-alpha.12';
const TIMEOUT_MS = 300_000;

/** What the suite runs without scoring it, and Pypes does not do: see the decision record. */
const NOT_SCORED_HERE: { readonly [revision: string]: readonly string[] } = {
  '2026-07-28': ['json-schema-2020-12 (pending)', 'http-custom-header-server-validation (pending)'],
  '2025-11-25': ['json-schema-2020-12 (pending)'],
};

const missing = existsSync(SUITE) ? undefined : `the suite is not installed: ${INSTALL}`;
if (missing !== undefined && process.env.CI !== undefined) throw new Error(missing);

describe.skipIf(missing !== undefined)(`MCP conformance${missing === undefined ? '' : ` (${missing})`}`, () => {
  let service: NodeService;
  beforeAll(async () => {
    const folder = mkdtempSync(join(tmpdir(), 'pypes-mcp-'));
    writeConformanceAgents(join(folder, 'agents'));
    service = await startNodeService({
      folders: [join(folder, 'agents')],
      root: join(folder, 'data'),
      version: '1.0.0',
      port: 0,
      logLevel: 'error',
    });
  });
  afterAll(() => service?.close(0));

  test.each(Object.keys(NOT_SCORED_HERE))('everything that %s requires', { timeout: TIMEOUT_MS }, async (revision) => {
    const { code, output } = await run(['server', '--url', `${service.url}/mcp`, '--requirements', revision]);
    const [scored = '', others = ''] = output.slice(output.indexOf('=== SUMMARY ===')).split('Not scored for');
    expect(scored.match(/^✗.*/gm)?.filter((line) => !isNotScored(line, others)) ?? []).toEqual([]);
    expect(code, output.slice(-4_000)).toBe(0);
    expect(scored.match(/^✓/gm)?.length).toBeGreaterThan(25);
    expect(others.match(/(?<=✗ ).*/g)).toEqual(NOT_SCORED_HERE[revision]);
  });
});

/** A line of the summary is `✗ scenario: 1 passed, 2 failed`. */
function isNotScored(line: string, others: string): boolean {
  return others.includes(`✗ ${line.slice(2, line.indexOf(':'))} (`);
}

async function run(args: readonly string[]): Promise<{ readonly code: number | null; readonly output: string }> {
  const child = spawn(process.execPath, [SUITE, ...args], { cwd: mkdtempSync(join(tmpdir(), 'pypes-mcp-suite-')) });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8');
    stream.on('data', (text: string) => {
      output += text;
    });
  }
  const code = await new Promise<number | null>((ended) => child.once('close', ended));
  return { code, output };
}
