// A door over a host of this process, without a socket: what tests of it speak to.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Json, JsonObject, Limits, Policy } from '@pypes/contract';
import { createHost, type Host } from '@pypes/host';
import { createJavascriptRuntime, createJavascriptSandbox } from '@pypes/runtimes/javascript';
import { createLispyRuntime } from '@pypes/runtimes/lispy';
import { createAjvCompiler } from '@pypes/schemas/ajv';
import { createAgentFolder } from '@pypes/stores/filesystem';
import { createMemoryMemoryStore, createMemoryPackStore } from '@pypes/stores/memory';
import { createService } from '../../http/index.ts';
import { createMcpDoor, type McpDoor, type McpDoorOptions } from '../index.ts';

export const MODERN = '2026-07-28';
export const LEGACY = '2025-11-25';
const ACCEPT = 'application/json, text/event-stream';
const URL_HERE = 'http://127.0.0.1:7080/mcp';

/** An answer, with every message that came. */
export type Answer = {
  readonly status: number;
  readonly headers: Headers;
  readonly messages: readonly JsonObject[];
  /** The last message's result, and its error. */
  readonly result: JsonObject;
  readonly error: JsonObject;
};

type More = {
  readonly headers?: Readonly<Record<string, string>>;
  readonly capabilities?: JsonObject;
  readonly meta?: JsonObject;
  readonly query?: string;
  readonly id?: number | string;
  readonly signal?: AbortSignal;
};

/** A client of 2025-11-25. */
export interface TestSession {
  readonly id: string;
  send(method: string, params?: JsonObject, more?: More): Promise<Answer>;
  notify(method: string, params: JsonObject): Promise<number>;
}

export interface TestDoor {
  readonly host: Host;
  readonly door: McpDoor;
  /** Through the service, which checks Host and Origin. */
  fetch(request: Request): Promise<Response>;
  /** One request of 2026-07-28. */
  send(method: string, params?: JsonObject, more?: More): Promise<Answer>;
  call(name: string, args?: JsonObject, more?: More & { readonly params?: JsonObject }): Promise<Answer>;
  tools(more?: More): Promise<readonly string[]>;
  initialize(more?: More): Promise<TestSession>;
  deploy(files: { readonly [filename: string]: string }, rest?: JsonObject): Promise<string>;
  /** Writes an agent of the operator's folder. */
  write(filename: string, source: string): void;
  close(): Promise<void>;
}

/** Opens a door over a folder with `files`. */
export function openDoor(
  files: { readonly [filename: string]: string } = {},
  options: Partial<McpDoorOptions> & { readonly limits?: Partial<Limits>; readonly policies?: readonly Policy[] } = {},
): TestDoor {
  const { limits, policies, ...rest } = options;
  const folder = mkdtempSync(join(tmpdir(), 'pypes-door-'));
  const write = (filename: string, source: string) => writeFileSync(join(folder, filename), source);
  mkdirSync(folder, { recursive: true });
  for (const [filename, source] of Object.entries(files)) write(filename, source);
  const host = createHost({
    runtimes: [createLispyRuntime(), createJavascriptRuntime(), createJavascriptSandbox()],
    schemas: createAjvCompiler(),
    packs: createMemoryPackStore(),
    memory: createMemoryMemoryStore(),
    folders: [createAgentFolder(folder)],
    ...(limits === undefined ? {} : { limits }),
    ...(policies === undefined ? {} : { policies }),
  });
  const door = createMcpDoor(host, { version: '1.0.0', ...rest });
  const service = createService(host, {
    version: '1.0.0',
    hostName: 'test',
    mcp: door.fetch,
    hosts: ['127.0.0.1', 'localhost'],
    ...(rest.auth === undefined ? {} : { auth: rest.auth }),
  });

  async function post(
    body: Json,
    headers: Readonly<Record<string, string>>,
    { query = '', signal }: More,
  ): Promise<Answer> {
    const request = new Request(`${URL_HERE}${query}`, {
      method: 'POST',
      headers: { host: '127.0.0.1:7080', 'content-type': 'application/json', accept: ACCEPT, ...headers },
      body: JSON.stringify(body),
      ...(signal === undefined ? {} : { signal }),
    });
    return readAnswer(await service.fetch(request));
  }

  const send: TestDoor['send'] = (method, params = {}, more = {}) => {
    const name = params.name ?? params.uri ?? params.taskId;
    const headers = {
      'mcp-protocol-version': MODERN,
      'mcp-method': method,
      ...(typeof name === 'string' ? { 'mcp-name': name } : {}),
      ...more.headers,
    };
    const _meta = {
      'io.modelcontextprotocol/protocolVersion': MODERN,
      'io.modelcontextprotocol/clientInfo': { name: 'test', version: '1' },
      'io.modelcontextprotocol/clientCapabilities': more.capabilities ?? {},
      ...more.meta,
    };
    return post({ jsonrpc: '2.0', id: more.id ?? 1, method, params: { ...params, _meta } }, headers, more);
  };

  return {
    host,
    door,
    send,
    write,
    fetch: service.fetch,
    call: (name, args = {}, { params, ...more } = {}) => send('tools/call', { name, arguments: args, ...params }, more),
    async tools(more) {
      const { result } = await send('tools/list', {}, more);
      return ((result.tools ?? []) as readonly JsonObject[]).map(({ name }) => String(name));
    },
    async initialize(more = {}) {
      const clientInfo = { name: 'test', version: '1' };
      const params = { protocolVersion: LEGACY, capabilities: more.capabilities ?? {}, clientInfo };
      const body = { jsonrpc: '2.0', id: 0, method: 'initialize', params };
      const first = await post(body, more.headers ?? {}, more);
      const id = first.headers.get('mcp-session-id');
      if (id === null)
        throw Object.assign(new Error(`No session: ${JSON.stringify(first.messages)}`), { answer: first });
      const headers = { 'mcp-session-id': id, 'mcp-protocol-version': LEGACY, ...more.headers };
      await post({ jsonrpc: '2.0', method: 'notifications/initialized' }, headers, more);
      return {
        id,
        send: (method, of = {}, again = {}) =>
          post(
            {
              jsonrpc: '2.0',
              id: again.id ?? 1,
              method,
              params: { ...of, ...(again.meta === undefined ? {} : { _meta: again.meta }) },
            },
            { ...headers, ...again.headers },
            again,
          ),
        notify: async (method, of) => (await post({ jsonrpc: '2.0', method, params: of }, headers, {})).status,
      };
    },
    async deploy(agents, about = {}) {
      const list = Object.entries(agents).map(([filename, source]) => ({ filename, source }));
      const { tokenSha256, ...bundle } = about;
      const { packGuid } = await host.deploy(
        { schema: 'pack/1.0', agents: list, ...bundle },
        typeof tokenSha256 === 'string' ? { tokenSha256 } : {},
      );
      return packGuid;
    },
    async close() {
      await door.close();
      await host.close(0);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function readAnswer(response: Response): Promise<Answer> {
  const text = await response.text();
  const isStream = (response.headers.get('content-type') ?? '').includes('event-stream');
  const messages = isStream
    ? [...text.matchAll(/^data: (.+)$/gm)].map(([, data]) => JSON.parse(data as string) as JsonObject)
    : text === ''
      ? []
      : [JSON.parse(text) as JsonObject];
  const last = messages.at(-1) ?? {};
  return {
    status: response.status,
    headers: response.headers,
    messages,
    result: (last.result ?? {}) as JsonObject,
    error: (last.error ?? {}) as JsonObject,
  };
}

/** The text of a tool's result. */
export function textOf({ result }: Answer): string {
  return String((result.content as readonly JsonObject[] | undefined)?.[0]?.text);
}

/** An agent of JavaScript. */
export function agentOf(name: string, body: string, about: JsonObject = {}): string {
  return `export const AGENT = ${JSON.stringify({ name, description: `Does ${name}`, ...about })};\nexport async function run(context, args) { ${body} }`;
}
