// Runs inside QuickJS: the few things of the web platform that small programs use.
import type { Host } from './prelude.ts';

export function installWeb(host: Host): void {
  const atob = (text: unknown): string => {
    const decoded = host('atob', 0, String(text));
    if (decoded === undefined) throw new Error('atob takes base64');
    return decoded;
  };
  const btoa = (text: unknown): string => {
    const encoded = host('btoa', 0, String(text));
    if (encoded === undefined) throw new Error('btoa takes characters up to U+00FF');
    return encoded;
  };

  class Url {
    readonly href: string;
    readonly origin: string;
    readonly protocol: string;
    readonly host: string;
    readonly hostname: string;
    readonly port: string;
    readonly pathname: string;
    readonly search: string;
    readonly hash: string;
    readonly searchParams: UrlParameters;
    constructor(url: unknown, base?: unknown) {
      const parts = host('url', 0, JSON.stringify([String(url), base === undefined ? null : String(base)]));
      if (parts === undefined) throw new TypeError(`"${String(url)}" is no URL`);
      const read = JSON.parse(parts) as { readonly [name: string]: string };
      this.href = read.href as string;
      this.origin = read.origin as string;
      this.protocol = read.protocol as string;
      this.host = read.host as string;
      this.hostname = read.hostname as string;
      this.port = read.port as string;
      this.pathname = read.pathname as string;
      this.search = read.search as string;
      this.hash = read.hash as string;
      this.searchParams = new UrlParameters(this.search);
    }
    toString(): string {
      return this.href;
    }
    toJSON(): string {
      return this.href;
    }
  }

  Object.assign(globalThis, {
    atob,
    btoa,
    TextEncoder: Encoder,
    TextDecoder: Decoder,
    URL: Url,
    URLSearchParams: UrlParameters,
    crypto: { randomUUID: () => host('uuid', 0, '') },
    structuredClone: (value: unknown) => JSON.parse(JSON.stringify(value)),
  });
}

class Encoder {
  readonly encoding = 'utf-8';
  encode(text: unknown = ''): Uint8Array {
    const escaped = encodeURIComponent(String(text).toWellFormed());
    const bytes: number[] = [];
    for (let at = 0; at < escaped.length; at++) {
      if (escaped[at] === '%') {
        bytes.push(Number.parseInt(escaped.slice(at + 1, at + 3), 16));
        at += 2;
      } else bytes.push(escaped.charCodeAt(at));
    }
    return new Uint8Array(bytes);
  }
}

class Decoder {
  readonly encoding = 'utf-8';
  readonly #fatal: boolean;
  constructor(label: unknown = 'utf-8', options: { readonly fatal?: boolean } = {}) {
    if (!/^utf-?8$/i.test(String(label))) throw new RangeError(`TextDecoder knows utf-8 alone, not ${String(label)}`);
    this.#fatal = options.fatal === true;
  }
  decode(input: ArrayBuffer | Uint8Array = new Uint8Array()): string {
    const bytes = input instanceof ArrayBuffer ? new Uint8Array(input) : input;
    const parts: string[] = [];
    for (let at = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0; at < bytes.length; ) {
      const [point, length] = readPoint(bytes, at);
      if (point === undefined && this.#fatal) throw new TypeError('The bytes are no UTF-8');
      parts.push(point === undefined ? '\ufffd' : String.fromCodePoint(point));
      at += length;
    }
    return parts.join('');
  }
}

/** The code point at a place, undefined where there is none, and how many bytes it takes. */
function readPoint(bytes: Uint8Array, at: number): readonly [number | undefined, number] {
  const first = bytes[at] as number;
  if (first < 0x80) return [first, 1];
  const count =
    first >= 0xf0 && first < 0xf5 ? 3 : first >= 0xe0 && first < 0xf0 ? 2 : first >= 0xc2 && first < 0xe0 ? 1 : 0;
  if (count === 0) return [undefined, 1];
  let point = first & (0x3f >> count);
  for (let index = 1; index <= count; index++) {
    const next = bytes[at + index];
    if (next === undefined || (next & 0xc0) !== 0x80) return [undefined, index];
    point = (point << 6) | (next & 0x3f);
  }
  const least = [0, 0x80, 0x800, 0x10000][count] as number;
  const isScalar = point >= least && point <= 0x10ffff && (point < 0xd800 || point > 0xdfff);
  return isScalar ? [point, count + 1] : [undefined, 1];
}

class UrlParameters {
  readonly #pairs: [string, string][] = [];
  constructor(init: unknown = '') {
    if (typeof init === 'object' && init !== null) {
      for (const [name, value] of Symbol.iterator in init
        ? (init as Iterable<[string, string]>)
        : Object.entries(init)) {
        this.append(name, String(value));
      }
      return;
    }
    for (const part of String(init).replace(/^\?/, '').split('&')) {
      if (part === '') continue;
      const [name = '', ...rest] = part.split('=');
      this.append(unescapeForm(name), unescapeForm(rest.join('=')));
    }
  }
  append(name: unknown, value: unknown): void {
    this.#pairs.push([String(name), String(value)]);
  }
  set(name: unknown, value: unknown): void {
    this.delete(name);
    this.append(name, value);
  }
  delete(name: unknown): void {
    const kept = this.#pairs.filter(([known]) => known !== String(name));
    this.#pairs.splice(0, this.#pairs.length, ...kept);
  }
  get(name: unknown): string | null {
    return this.#pairs.find(([known]) => known === String(name))?.[1] ?? null;
  }
  getAll(name: unknown): string[] {
    return this.#pairs.filter(([known]) => known === String(name)).map(([, value]) => value);
  }
  has(name: unknown): boolean {
    return this.#pairs.some(([known]) => known === String(name));
  }
  entries() {
    return this.#pairs.map(([name, value]) => [name, value] as [string, string])[Symbol.iterator]();
  }
  [Symbol.iterator]() {
    return this.entries();
  }
  toString(): string {
    return this.#pairs.map(([name, value]) => `${escapeForm(name)}=${escapeForm(value)}`).join('&');
  }
}

function escapeForm(text: string): string {
  return encodeURIComponent(text.toWellFormed())
    .replaceAll('%20', '+')
    .replace(/[!'()~]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}

function unescapeForm(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}
