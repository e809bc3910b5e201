// The official TypeScript client against both ways in, in both protocols: agents of every language are listed and called,
// report how far they are, are stopped, change, and ask a person before they go on.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type NodeService, startNodeService } from '../backends/node.ts';

const PYPES = resolve(process.env.PYPES_TEST_COMMAND ?? join(import.meta.dirname, '../../../cli/bin/pypes.mjs'));
const SKILLS = resolve(import.meta.dirname, '../../../../skills');
const OPERATOR = 'operator-token-of-this-test';

const noPython =
  process.env.CI === undefined && spawnSync('python3', ['--version']).status !== 0
    ? 'python3 is not installed'
    : undefined;

const PARAMETERS = `{ type: 'object', properties: { text: { type: 'string' } }, required: ['text'] }`;
const RETURNS = `{ type: 'object', properties: { text: { type: 'string' }, by: { type: 'string' } }, required: ['text', 'by'] }`;

/** The same agent in each language; what it prints to standard output is not part of the protocol. */
const ECHOES: { readonly [file: string]: string } = {
  'echo-js.mjs': `export const AGENT = { name: 'echo_js', description: 'Echo', parameters: ${PARAMETERS}, returns: ${RETURNS} };
export function run(context, { text }) { console.log('printed'); return { text, by: 'js' }; }`,
  'echo-ts.ts': `export const AGENT = { name: 'echo_ts', description: 'Echo', parameters: ${PARAMETERS}, returns: ${RETURNS} };
export const run = (context: unknown, { text }: { text: string }) => ({ text, by: 'ts' });`,
  'echo.lispy': `(def AGENT {:name "echo_lispy" :description "Echo" :parameters {:type "object" :properties {:text {:type "string"}} :required ["text"]}
  :returns {:type "object" :properties {:text {:type "string"} :by {:type "string"}} :required ["text" "by"]}})
(defn run [context text] {:text text :by "lispy"})`,
  'echo.lua': `AGENT = { name = "echo_lua", description = "Echo", parameters = { type = "object", properties = { text = { type = "string" } }, required = { "text" } },
  returns = { type = "object", properties = { text = { type = "string" }, by = { type = "string" } }, required = { "text", "by" } } }
function run(context, args) print("printed") return { text = args.text, by = "lua" } end`,
  echo_exe: `#!/bin/sh
if [ "$1" = "--agent" ]; then echo '{"name":"echo_exe","description":"Echo","parameters":{"type":"object","properties":{"text":{"type":"string"}},"required":["text"]},"returns":{"type":"object","properties":{"text":{"type":"string"},"by":{"type":"string"}},"required":["text","by"]}}'; exit; fi
sed 's/}$/,"by":"exe"}/'`,
  ...(noPython === undefined
    ? {
        'echo_py.py': `AGENT = {"name": "echo_py", "description": "Echo", "parameters": {"type": "object", "properties": {"text": {"type": "string"}}, "required": ["text"]},
  "returns": {"type": "object", "properties": {"text": {"type": "string"}, "by": {"type": "string"}}, "required": ["text", "by"]}}
def run(context, text):
    print("printed")
    return {"text": text, "by": "py"}`,
      }
    : {}),
};

const OTHERS: { readonly [file: string]: string } = {
  'steps.mjs': `export const AGENT = { name: 'steps', description: 'In steps' };
export async function run(context) { for (const at of [0.25, 0.5, 0.25, 1]) context.progress(at, 'at ' + at); context.log('info', 'half'); return 'done'; }`,
  'forever.mjs': `export const AGENT = { name: 'forever', description: 'Waits' };
export async function run(context) { context.progress(0.1); await new Promise((done) => setTimeout(done, 60_000)); return 'late'; }`,
  'list.mjs': `export const AGENT = { name: 'list', description: 'A list', returns: { type: 'array', items: { type: 'integer' } } };
export const run = () => [1, 2];`,
  'send.mjs': `export const AGENT = { name: 'send_mail', description: 'Sends', parameters: { type: 'object', properties: { to: { type: 'string' } }, required: ['to'] } };
export const run = (context, { to }) => 'sent to ' + to;`,
};

const POLICY = `[[policy]]
use = "approve"
to = "send_mail"
reason = "It leaves the house"
`;

const folder = mkdtempSync(join(tmpdir(), 'pypes-mcp-'));
const agents = join(folder, 'agents');
mkdirSync(agents);
for (const [name, text] of Object.entries({ ...ECHOES, ...OTHERS })) {
  writeFileSync(join(agents, name), text, { mode: name.includes('.') ? 0o644 : 0o755 });
}
writeFileSync(join(folder, 'policy.toml'), POLICY);

let service: NodeService | undefined;
const open: Client[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((client) => client.close()));
});
afterAll(async () => {
  await service?.close(0);
  rmSync(folder, { recursive: true, force: true });
});

type Way = { readonly way: 'http' | 'stdio'; readonly era: 'legacy' | { readonly pin: string } };
const WAYS: readonly Way[] = [
  { way: 'http', era: { pin: '2026-07-28' } },
  { way: 'http', era: 'legacy' },
  { way: 'stdio', era: { pin: '2026-07-28' } },
  { way: 'stdio', era: 'legacy' },
];

async function connect(
  { way, era }: Way,
  options: { readonly answer?: 'grant' | 'deny'; readonly token?: string } = {},
): Promise<Client> {
  const client = new Client(
    { name: 'test', version: '1' },
    { versionNegotiation: { mode: era }, capabilities: options.answer === undefined ? {} : { elicitation: {} } },
  );
  const { answer } = options;
  if (answer !== undefined) {
    client.setRequestHandler('elicitation/create', async ({ params }) => {
      expect(params.message).toContain('It leaves the house');
      return { action: 'accept', content: { decision: answer } };
    });
  }
  if (way === 'stdio') {
    const args = [PYPES, 'mcp', agents, '--root', join(folder, 'stdio'), '--policy', join(folder, 'policy.toml')];
    await client.connect(new StdioClientTransport({ command: process.execPath, args, stderr: 'ignore' }));
  } else {
    service ??= await startNodeService({
      folders: [agents],
      root: join(folder, 'http'),
      policyFile: join(folder, 'policy.toml'),
      version: '1.0.0',
      port: 0,
      logLevel: 'error',
      auth: { required: false, operatorToken: OPERATOR },
    });
    const headers: Record<string, string> =
      options.token === undefined ? {} : { authorization: `Bearer ${options.token}` };
    await client.connect(
      new StreamableHTTPClientTransport(new URL(`${service.url}/mcp`), { requestInit: { headers } }),
    );
  }
  open.push(client);
  return client;
}

const textOf = (result: { readonly content?: unknown }): string =>
  ((result.content as readonly { text?: string }[] | undefined)?.[0]?.text ?? '') as string;

describe.each(WAYS)('over $way, $era', (way) => {
  let client: Client;
  beforeAll(async () => {
    client = await connect(way);
    open.splice(0);
  }, 60_000);
  afterAll(() => client?.close());

  test('agents of every language are listed with their schemas, and called', { timeout: 120_000 }, async () => {
    const { tools } = await client.listTools();
    const echoes = tools.filter(({ name }) => name.startsWith('echo_'));
    expect(echoes).toHaveLength(Object.keys(ECHOES).length);
    for (const { name, inputSchema, outputSchema } of echoes) {
      expect(inputSchema).toMatchObject({ type: 'object', required: ['text'] });
      expect(outputSchema).toMatchObject({ type: 'object', required: ['text', 'by'] });
      const result = await client.callTool({ name, arguments: { text: 'grüß ∑' } });
      expect(result.structuredContent).toEqual({ text: 'grüß ∑', by: name.slice('echo_'.length) });
      expect(JSON.parse(textOf(result))).toEqual(result.structuredContent);
    }
  });

  test('a result that is no object stands in one', async () => {
    await client.listTools();
    expect((await client.callTool({ name: 'list' })).structuredContent).toEqual({ result: [1, 2] });
  });

  test('arguments that do not fit, and tools that are not there, are said so', async () => {
    const wrong = await client.callTool({ name: 'echo_js', arguments: { text: 1 } });
    expect(wrong.isError).toBe(true);
    expect(textOf(wrong)).toContain('/text');
    await expect(client.callTool({ name: 'nobody' })).rejects.toMatchObject({ code: -32602 });
  });

  test('progress only grows', async () => {
    // The client forgets who asked for progress with the answer, also for what came before it in one piece: so this
    // looks at what arrives.
    const { transport } = client;
    const inner = transport?.onmessage;
    if (transport === undefined || inner === undefined) expect.unreachable();
    const seen: unknown[] = [];
    transport.onmessage = (message, extra) => {
      if ('method' in message && message.method === 'notifications/progress') seen.push(message.params?.progress);
      inner(message, extra);
    };
    const result = await client.callTool({ name: 'steps' }, { onprogress: () => undefined });
    transport.onmessage = inner;
    expect(textOf(result)).toBe('done');
    expect(seen).toEqual([25, 50, 100]);
  });

  test('a call that is given up ends, whatever it does', { timeout: 30_000 }, async () => {
    const stop = new AbortController();
    const call = client.callTool({ name: 'forever' }, { signal: stop.signal, onprogress: () => stop.abort() });
    await expect(call).rejects.toThrow();
    if (way.way === 'stdio') return;
    await expect.poll(() => service?.host.inFlight, { timeout: 20_000 }).toBe(0);
  });

  test('a call that needs a person’s yes asks for it, and says what the person said', { timeout: 60_000 }, async () => {
    const token = { token: OPERATOR };
    const granting = await connect(way, { answer: 'grant', ...token });
    const to = `${way.way}-${JSON.stringify(way.era)}@example.com`;
    expect(textOf(await granting.callTool({ name: 'send_mail', arguments: { to } }))).toBe(`sent to ${to}`);
    const denying = await connect(way, { answer: 'deny', ...token });
    const denied = await denying.callTool({ name: 'send_mail', arguments: { to: `not-${to}` } });
    expect(denied.isError).toBe(true);
    const unable = await connect(way, token);
    const waits = await unable.callTool({ name: 'send_mail', arguments: { to: `later-${to}` } });
    expect(waits.isError).toBe(true);
    expect(textOf(waits)).toMatch(/needs a person's yes/);
  });

  test('a list that changes is announced', { timeout: 60_000 }, async () => {
    await client.listTools();
    const { promise, resolve: told } = Promise.withResolvers<void>();
    client.setNotificationHandler('notifications/tools/list_changed', () => told());
    if (way.era !== 'legacy') await client.listen({ toolsListChanged: true });
    else await expect(client.ping()).resolves.toBeDefined();
    const name = `new_${way.way}_${way.era === 'legacy' ? 'old' : 'now'}`;
    writeFileSync(
      join(agents, `${name}.mjs`),
      `export const AGENT = { name: '${name}', description: '' };\nexport const run = () => 1;`,
    );
    await promise;
    expect((await client.listTools()).tools.map((tool) => tool.name)).toContain(name);
  });
});

test('over HTTP, only the operator’s token can say yes', async () => {
  const client = await connect({ way: 'http', era: { pin: '2026-07-28' } }, { answer: 'grant' });
  const waits = await client.callTool({ name: 'send_mail', arguments: { to: 'nobody@example.com' } });
  expect(waits.isError).toBe(true);
  expect(textOf(waits)).toMatch(/needs a person's yes/);
});

test('a component is a tool like any other', { timeout: 120_000 }, async () => {
  const args = [PYPES, 'mcp', join(SKILLS, 'checksums'), '--root', join(folder, 'components')];
  const client = new Client({ name: 'test', version: '1' });
  open.push(client);
  await client.connect(new StdioClientTransport({ command: process.execPath, args, stderr: 'ignore' }));
  const { tools } = await client.listTools();
  expect(tools.map(({ name }) => name)).toContain('crc32');
  const result = await client.callTool({ name: 'crc32', arguments: { data: 'MTIzNDU2Nzg5' } });
  expect(result.structuredContent).toEqual({ result: 0xcbf43926 });
});
