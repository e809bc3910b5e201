// The members of `context` that ask the host, for guests in JavaScript: in a thread of Node and in QuickJS alike.
//
// This file imports nothing and uses nothing but the language, TextEncoder and TextDecoder.

/** Asks the host for one operation; rejects where it refuses. */
export type Ask = (operation: string, ...parameters: readonly unknown[]) => Promise<unknown>;

type Content = { readonly text?: string; readonly base64?: string };
type Options = { readonly [name: string]: unknown };

export type Capabilities = ReturnType<typeof createCapabilities>;

/** Every capability of `context`. */
export function createCapabilities(ask: Ask) {
  const memory = {
    get: (key: string) => ask('memory.get', key),
    set: (key: string, value: unknown) => ask('memory.set', key, value),
    delete: (key: string) => ask('memory.delete', key),
    list: (prefix?: string) => ask('memory.list', prefix ?? null),
  };

  const objects = {
    put: (name: string, content: string | Uint8Array | ArrayBuffer, content_type?: string) =>
      ask('objects.put', { name, ...toContent(content), ...given({ content_type }) }),
    async get(name: string, range: { readonly start?: number; readonly end?: number } = {}) {
      const found = (await ask('objects.get', { name, ...given(range) })) as (Content & Options) | null;
      if (found === null) return null;
      const { text, base64, ...info } = found;
      return { ...info, ...readable({ text, base64 } as Content) };
    },
    list: (prefix?: string) => ask('objects.list', given({ prefix })),
    delete: (name: string) => ask('objects.delete', { name }),
  };

  const vault = { get: (name: string) => ask('vault.get', { name }) };

  const ai = {
    complete: (request: string | Options) =>
      ask('ai.complete', typeof request === 'string' ? { messages: [{ role: 'user', content: request }] } : request),
  };

  const session = {
    async read(path: string) {
      const content = (await ask('session.read', { path })) as Content;
      return content.text ?? toBytes(content.base64 ?? '');
    },
    write: (path: string, content: string | Uint8Array | ArrayBuffer) =>
      ask('session.write', { path, ...toContent(content) }),
    list: (path?: string) => ask('session.list', given({ path })),
    delete: (path: string) => ask('session.delete', { path }),
    goto: (url: string) => ask('session.goto', { url: String(url) }),
    click: (selector: string) => ask('session.click', { selector }),
    fill: (selector: string, value: string) => ask('session.fill', { selector, value }),
    text: (selector?: string) => ask('session.text', given({ selector })),
    screenshot: (name: string, options: Options = {}) => ask('session.screenshot', { ...options, name }),
  };

  /** As the platform's own fetch, as far as an agent needs it. */
  async function fetch(url: unknown, init: Options = {}) {
    const { method, headers, body } = init;
    const content = body === undefined || body === null ? {} : toContent(body as string);
    const answer = (await ask('fetch', {
      url: String(url),
      ...given({ method, headers: toHeaders(headers) }),
      ...content,
    })) as Content & {
      status: number;
      status_text: string;
      url: string;
      headers: readonly (readonly [string, string])[];
    };
    return {
      status: answer.status,
      statusText: answer.status_text,
      ok: answer.status >= 200 && answer.status < 300,
      url: answer.url,
      headers: createHeaders(answer.headers),
      ...readable(answer),
    };
  }

  return { memory, objects, vault, ai, session, fetch };
}

/** `text()`, `json()`, `bytes()` and `arrayBuffer()` of a content, as a Response has them. */
function readable(content: Content) {
  const bytes = () =>
    content.text === undefined ? toBytes(content.base64 ?? '') : new TextEncoder().encode(content.text);
  const text = () => content.text ?? new TextDecoder().decode(bytes());
  return {
    text: async () => text(),
    json: async (): Promise<unknown> => JSON.parse(text()),
    bytes: async () => bytes(),
    arrayBuffer: async () => bytes().buffer,
  };
}

function createHeaders(pairs: readonly (readonly [string, string])[]) {
  const values = new Map<string, string>();
  for (const [name, value] of pairs) {
    const key = name.toLowerCase();
    const before = values.get(key);
    values.set(key, before === undefined ? value : `${before}, ${value}`);
  }
  return {
    get: (name: string) => values.get(String(name).toLowerCase()) ?? null,
    has: (name: string) => values.has(String(name).toLowerCase()),
    entries: () => values.entries(),
    keys: () => values.keys(),
    values: () => values.values(),
    forEach: (act: (value: string, name: string) => void) => {
      for (const [name, value] of values) act(value, name);
    },
    [Symbol.iterator]: () => values.entries(),
  };
}

/** An object, a list of pairs, or whatever can be iterated as pairs (Headers, Map). */
function toHeaders(headers: unknown): unknown {
  if (typeof headers !== 'object' || headers === null) return undefined;
  const iterate = (headers as { readonly [Symbol.iterator]?: unknown })[Symbol.iterator];
  return typeof iterate === 'function' ? [...(headers as Iterable<unknown>)] : headers;
}

function given(values: Options): Options {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

function toContent(content: string | Uint8Array | ArrayBuffer): Content {
  if (content instanceof ArrayBuffer) return { base64: toBase64(new Uint8Array(content)) };
  if (ArrayBuffer.isView(content)) {
    return { base64: toBase64(new Uint8Array(content.buffer, content.byteOffset, content.byteLength)) };
  }
  return { text: String(content) };
}

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

function toBase64(bytes: Uint8Array): string {
  const parts: string[] = [];
  for (let at = 0; at < bytes.length; at += 3) {
    const [a = 0, b, c] = [bytes[at], bytes[at + 1], bytes[at + 2]];
    const bits = (a << 16) | ((b ?? 0) << 8) | (c ?? 0);
    parts.push(
      (DIGITS[bits >> 18] as string) +
        DIGITS[(bits >> 12) & 63] +
        (b === undefined ? '=' : DIGITS[(bits >> 6) & 63]) +
        (c === undefined ? '=' : DIGITS[bits & 63]),
    );
  }
  return parts.join('');
}

function toBytes(base64: string): Uint8Array<ArrayBuffer> {
  const length = Math.floor((base64.length * 3) / 4) - (base64.endsWith('==') ? 2 : base64.endsWith('=') ? 1 : 0);
  const bytes = new Uint8Array(Math.max(0, length));
  let at = 0;
  for (let index = 0; index < base64.length; index += 4) {
    let bits = 0;
    for (let digit = 0; digit < 4; digit++)
      bits = (bits << 6) | Math.max(0, DIGITS.indexOf(base64[index + digit] ?? 'A'));
    for (const shift of [16, 8, 0]) if (at < bytes.length) bytes[at++] = (bits >> shift) & 255;
  }
  return bytes;
}
