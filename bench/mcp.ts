// The MCP door: a call through it against the wire call, and a list of 2,500 tools against the search in its place.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { load } from './load.ts';
import { type Server, startServer } from './processes.ts';
import { median, type Row } from './rows.ts';

const ECHO = `export const AGENT = { name: 'js', description: 'Gives back', parameters: { type: 'object', properties: { text: { type: 'string' } }, required: ['text'] } };
export const run = (context, { text }) => ({ text });`;
const TOOLS = 2_500;
const CONNECTIONS = 32;
/** V8 goes on optimising this for some ten seconds of load; a service that runs is warm. */
const WARM_MS = 12_000;
const ROUND_MS = 2_000;
const ROUNDS = 5;
const LISTS = 15;
const TEXT = 'x'.repeat(1_000);
const VERSION = '2026-07-28';
/** English and JSON have about this many characters for each token of today's models. */
const CHARACTERS_A_TOKEN = 3.5;

const META = {
  'io.modelcontextprotocol/protocolVersion': VERSION,
  'io.modelcontextprotocol/clientInfo': { name: 'bench', version: '1' },
  'io.modelcontextprotocol/clientCapabilities': {},
};
const ACCEPT = 'application/json, text/event-stream';

/** Ratios of calls, and what lists take. */
export async function measureMcp(): Promise<readonly Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'pypes-bench-'));
  const servers: Server[] = [];
  const serve = async (agents: { readonly [name: string]: string }, port: number): Promise<void> => {
    const place = join(folder, `agents-${port}`);
    mkdirSync(place);
    for (const [name, text] of Object.entries(agents)) writeFileSync(join(place, name), text);
    const pypes = resolve(import.meta.dirname, '../packages/cli/bin/pypes.mjs');
    const args = [
      pypes,
      'serve',
      place,
      '--port',
      String(port),
      '--log-level',
      'warn',
      '--root',
      join(folder, `root-${port}`),
    ];
    servers.push(await startServer(process.execPath, args, port, folder));
  };
  try {
    await serve({ 'js.mjs': ECHO }, 9311);
    const calls = await measureCalls(9311);
    await serve({}, 9312);
    await deploy(9312, manyAgents());
    await serve(manyAgents(), 9313);
    const folder = await timeList(9313, '?tools=all');
    return [
      ...calls,
      ...(await measureLists(9312)),
      list(`MCP: tools/list of a folder with ${TOOLS} files, each looked at for changes (ms)`, folder.ms),
    ];
  } finally {
    await Promise.all(servers.map((server) => server.stop()));
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measureCalls(port: number): Promise<readonly Row[]> {
  const wire = {
    path: `/api/pack/agents-${port}/agent`,
    body: JSON.stringify({ name: 'js', args: { text: TEXT } }),
    headers: {},
  };
  const params = { name: 'js', arguments: { text: TEXT } };
  const modern = {
    path: '/mcp',
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { ...params, _meta: META } }),
    headers: headersOf('tools/call', 'js'),
  };
  const session = await openSession(port);
  const legacy = {
    path: '/mcp',
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params }),
    headers: { accept: ACCEPT, 'mcp-session-id': session, 'mcp-protocol-version': '2025-11-25' },
  };
  await ask(port, 'tools/list', {});
  const subjects = { wire, modern, legacy };
  const rates: { [name: string]: number[] } = { wire: [], modern: [], legacy: [] };
  for (let round = -1; round < ROUNDS; round++) {
    for (const [name, subject] of Object.entries(subjects)) {
      // In a session an id stands for one call at a time: one connection there, and as many for what it is compared to.
      const { rps, failed } = await load({
        port,
        ...subject,
        connections: connectionsOf(name),
        ms: round < 0 ? WARM_MS : ROUND_MS,
      });
      if (failed > 0) throw new Error(`${failed} calls failed: ${name}`);
      if (round >= 0) rates[name]?.push(rps);
    }
  }
  const alone: number[] = [];
  for (let round = 0; round < ROUNDS; round++)
    alone.push((await load({ port, ...wire, connections: 1, ms: ROUND_MS })).rps);
  const of = (name: string) => median(rates[name] ?? []);
  return [
    ratio('MCP: tools/call of 2026-07-28 against the wire call (time)', of('wire'), of('modern')),
    ratio('MCP: tools/call of 2025-11-25 against the wire call, one connection (time)', median(alone), of('legacy')),
  ];
}

function connectionsOf(name: string): number {
  return name === 'legacy' ? 1 : CONNECTIONS;
}

async function measureLists(port: number): Promise<readonly Row[]> {
  const all = await timeList(port, '?tools=all');
  const search = await timeList(port, '');
  const tokens = (characters: number) => Math.round(characters / CHARACTERS_A_TOKEN);
  const size = tokens(search.characters);
  return [
    list(`MCP: tools/list of a pack with ${TOOLS} agents (ms)`, all.ms),
    {
      name: 'MCP: tokens that a client carries, search in the place of the list',
      value: size,
      goal: '≤ 1500',
      ok: size <= 1_500,
      ours: size,
      theirs: tokens(all.characters),
      unit: 'tokens (3.5 characters each)',
    },
  ];
}

async function timeList(port: number, query: string): Promise<{ readonly ms: number; readonly characters: number }> {
  const times: number[] = [];
  let characters = 0;
  for (let count = 0; count < LISTS + 3; count++) {
    const began = performance.now();
    const text = await ask(port, 'tools/list', {}, query);
    if (count >= 3) times.push(performance.now() - began);
    const { tools } = (JSON.parse(text) as { result: { tools: unknown[] } }).result;
    characters = JSON.stringify(tools).length;
  }
  return { ms: median(times), characters };
}

function list(name: string, ms: number): Row {
  return { name, value: ms, goal: '≤ 20', ok: ms <= 20 };
}

async function deploy(port: number, agents: { readonly [filename: string]: string }): Promise<void> {
  const files = Object.entries(agents).map(([filename, source]) => ({ filename, source }));
  const response = await fetch(`http://127.0.0.1:${port}/api/pack/deploy`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ schema: 'pack/1.0', name: 'register', agents: files }),
  });
  if (!response.ok) throw new Error(`The deploy answered ${response.status}: ${await response.text()}`);
}

function ratio(name: string, theirs: number, ours: number): Row {
  const value = theirs / ours;
  return {
    name,
    value,
    goal: '≤ 1.3',
    ok: value <= 1.3,
    ours: Math.round(ours),
    theirs: Math.round(theirs),
    unit: 'calls/s',
  };
}

function manyAgents(): { readonly [name: string]: string } {
  return Object.fromEntries(
    Array.from({ length: TOOLS }, (_, index) => [
      `tool_${index}.lispy`,
      `(def AGENT {:name "tool_${index}" :description "Looks up entry ${index} of the register and gives its fields" :parameters {:type "object" :properties {:key {:type "string" :description "Which entry"} :limit {:type "integer" :minimum 1}} :required ["key"]}})
(defn run [context key] key)`,
    ]),
  );
}

function headersOf(method: string, name?: string): Readonly<Record<string, string>> {
  return {
    accept: ACCEPT,
    'mcp-protocol-version': VERSION,
    'mcp-method': method,
    ...(name === undefined ? {} : { 'mcp-name': name }),
  };
}

async function ask(port: number, method: string, params: object, query = ''): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${port}/mcp${query}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headersOf(method) },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params: { ...params, _meta: META } }),
  });
  return response.text();
}

async function openSession(port: number): Promise<string> {
  const send = (body: object, headers: Readonly<Record<string, string>> = {}) =>
    fetch(`http://127.0.0.1:${port}/mcp`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: ACCEPT, ...headers },
      body: JSON.stringify({ jsonrpc: '2.0', ...body }),
    });
  const params = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'bench', version: '1' } };
  const first = await send({ id: 0, method: 'initialize', params });
  await first.text();
  const session = first.headers.get('mcp-session-id') ?? '';
  await (await send({ method: 'notifications/initialized' }, { 'mcp-session-id': session })).text();
  return session;
}
