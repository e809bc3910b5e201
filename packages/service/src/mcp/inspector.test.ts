// The official MCP Inspector's command line: a client that nobody here wrote lists agents of every language and calls
// them, over HTTP and stdio, and finds nothing in their schemas that other clients could not read.
import { spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type NodeService, startNodeService } from '../backends/node.ts';

const ROOT = resolve(import.meta.dirname, '../../../..');
const PYPES = resolve(process.env.PYPES_TEST_COMMAND ?? join(ROOT, 'packages/cli/bin/pypes.mjs'));
const LAUNCHER = 'node_modules/@modelcontextprotocol/inspector/clients/launcher/build/index.js';
const INSPECTOR = join(ROOT, '.tools/inspector', LAUNCHER);
const INSTALL =
  'npm install --no-save --ignore-scripts --prefix .tools/inspector @modelcontextprotocol/inspector@2.12.0';
const TIMEOUT_MS = 180_000;

const PARAMETERS = `{ type: 'object', properties: { who: { type: 'string' } }, required: ['who'] }`;
const PYTHON_PARAMETERS = `{"type": "object", "properties": {"who": {"type": "string"}}, "required": ["who"]}`;

/** Tool → the file that it comes from, and its source. */
const GREETERS: { readonly [tool: string]: readonly [file: string, source: string] } = {
  in_python: [
    'greet.py',
    `AGENT = {"name": "in_python", "description": "Greets", "parameters": ${PYTHON_PARAMETERS}}
def run(context, who):
    return "Hello, " + who`,
  ],
  in_lispy: [
    'greet.lispy',
    `(def AGENT {:name "in_lispy" :description "Greets" :parameters {:type "object" :properties {:who {:type "string"}} :required ["who"]}})
(defn run [context who] (str "Hello, " who))`,
  ],
  in_javascript: [
    'greet.mjs',
    `export const AGENT = { name: 'in_javascript', description: 'Greets', parameters: ${PARAMETERS} };
export const run = (context, { who }) => 'Hello, ' + who;`,
  ],
  in_typescript: [
    'greet.ts',
    `export const AGENT = { name: 'in_typescript', description: 'Greets', parameters: ${PARAMETERS} };
export const run = (context: object, { who }: { readonly who: string }): string => 'Hello, ' + who;`,
  ],
  in_lua: [
    'greet.lua',
    `AGENT = { name = "in_lua", description = "Greets", parameters = { type = "object", properties = { who = { type = "string" } }, required = { "who" } } }
function run(context, args) return "Hello, " .. args.who end`,
  ],
  in_shell: [
    'greet',
    `#!/bin/sh
if [ "$1" = --agent ]; then echo '{"name": "in_shell", "description": "Greets", "parameters": ${PYTHON_PARAMETERS}}'; exit; fi
echo '"Hello, you"'`,
  ],
};

const missing = existsSync(INSPECTOR) ? undefined : `the Inspector is not installed: ${INSTALL}`;
if (missing !== undefined && process.env.CI !== undefined) throw new Error(missing);

const folder = mkdtempSync(join(tmpdir(), 'pypes-inspector-'));
const agents = join(folder, 'agents');
let service: NodeService | undefined;

describe.skipIf(missing !== undefined)(`MCP Inspector${missing === undefined ? '' : ` (${missing})`}`, () => {
  beforeAll(async () => {
    mkdirSync(agents);
    for (const [file, source] of Object.values(GREETERS)) {
      writeFileSync(join(agents, file), source, { mode: file.includes('.') ? 0o644 : 0o755 });
    }
    copyFileSync(join(ROOT, 'skills/checksums/component.wasm'), join(agents, 'checksums.wasm'));
    service = await startNodeService({
      folders: [agents],
      root: join(folder, 'http'),
      version: '1.0.0',
      port: 0,
      logLevel: 'error',
    });
  });
  afterAll(async () => {
    await service?.close(0);
    rmSync(folder, { recursive: true, force: true });
  });

  describe.each(['http', 'stdio'] as const)('over %s', (way) => {
    test('lists every agent, with schemas that any client can read', { timeout: TIMEOUT_MS }, async () => {
      const { code, stdout, stderr } = await inspect(way, ['--method', 'tools/list', '--strict']);
      expect(code, stderr).toBe(0);
      // 64-bit numbers of components are numbers or texts, which it says is legal and less portable.
      expect(stderr).toMatch(/^0 errors, 2 warnings across 2 tools\.$/m);
      const tools = (JSON.parse(stdout) as { tools: { name: string; inputSchema: object }[] }).tools;
      const names = tools.map(({ name }) => name);
      expect(names).toEqual(expect.arrayContaining([...Object.keys(GREETERS), 'crc32', 'luhn']));
      expect(tools.find(({ name }) => name === 'in_python')?.inputSchema).toMatchObject({ required: ['who'] });
    });

    test.each(Object.keys(GREETERS))('calls %s', { timeout: TIMEOUT_MS }, async (tool) => {
      const { code, stdout, stderr } = await call(way, tool, 'who=you');
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(JSON.parse(stdout)).toMatchObject({ content: [{ type: 'text', text: 'Hello, you' }] });
    });

    test('calls a component', { timeout: TIMEOUT_MS }, async () => {
      const { stdout } = await call(way, 'crc32', `data=${Buffer.from('123456789').toString('base64')}`);
      expect(JSON.parse(stdout)).toMatchObject({ content: [{ type: 'text', text: String(0xcbf43926) }] });
    });

    test('is told of arguments that are missing', { timeout: TIMEOUT_MS }, async () => {
      const { stdout } = await inspect(way, ['--method', 'tools/call', '--tool-name', 'in_python']);
      expect(JSON.parse(stdout)).toMatchObject({ isError: true });
    });
  });
});

const call = (way: Way, tool: string, argument: string): Promise<Answer> =>
  inspect(way, ['--method', 'tools/call', '--tool-name', tool, '--tool-arg', argument]);

type Way = 'http' | 'stdio';
type Answer = { readonly code: number | null; readonly stdout: string; readonly stderr: string };

/** The target comes before its options: what follows a command would be read as its own. */
function inspect(way: Way, args: readonly string[]): Promise<Answer> {
  const target =
    way === 'http'
      ? [`${service?.url}/mcp`, '--transport', 'http']
      : [process.execPath, PYPES, 'mcp', agents, '--root', join(folder, 'stdio')];
  // However long a busy machine takes to start a server: the test's own limit stands.
  const patient = ['--connect-timeout', '0'];
  const child = spawn(process.execPath, [INSPECTOR, '--cli', ...target, ...patient, ...args], {
    cwd: folder,
    // It keeps a catalog of servers in the home folder.
    env: { PATH: process.env.PATH, HOME: folder },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  return new Promise((done, failed) => {
    child.once('error', failed);
    child.once('close', (code) => done({ code, stdout, stderr }));
  });
}
