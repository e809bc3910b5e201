// The head of a request as nearly all clients send a call, and no other: what is in doubt is for node:http.

/** The head of a plain call. */
export type PlainHead = {
  /** Absolute. */
  readonly url: string;
  readonly headers: Pick<Headers, 'get' | 'has'>;
  /** Names in small letters, and values. */
  readonly fields: ReadonlyMap<string, string>;
  /** Bytes of the body. */
  readonly length: number;
  /** The client says that it sends no other request. */
  readonly isLast: boolean;
};

const REQUEST_LINE = /^POST (\/(?:api\/(?:pack|swarm)\/[\w.-]{1,200}\/agent|mcp(?:\?tools=[a-z]{1,20})?)) HTTP\/1\.1$/;
const FIELD = /^([A-Za-z\d-]{1,64}): ([!-~](?:[ -~]*[!-~])?)$/;
const HOST = /^[a-z\d.-]+(?::(?:\d{1,4}|[1-5]\d{4}))?$/i;
const LENGTH = /^(?:0|[1-9]\d{0,4})$/;
const MOST_FIELDS = 50;
/** They change where a request ends or what follows it, or come from a web page. */
const UNUSUAL = new Set([
  'expect',
  'http2-settings',
  'origin',
  'proxy-connection',
  'set-cookie',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/**
 * Reads a head, one character for each of its bytes, without the empty line at its end. Undefined unless it is a POST
 * to a pack's agent or to the MCP door in HTTP/1.1 with one length and one Host, nothing twice, nothing of a web page,
 * and written in the one way that every parser reads alike: the specification's lines, a colon and one space, printable
 * ASCII.
 */
export function readPlainHead(text: string): PlainHead | undefined {
  const lines = text.split('\r\n');
  const path = REQUEST_LINE.exec(lines[0] as string)?.[1];
  if (path === undefined || lines.length > MOST_FIELDS + 1) return undefined;
  const fields = new Map<string, string>();
  for (let at = 1; at < lines.length; at++) {
    const field = FIELD.exec(lines[at] as string);
    if (field === null) return undefined;
    const name = (field[1] as string).toLowerCase();
    if (fields.has(name) || UNUSUAL.has(name)) return undefined;
    fields.set(name, field[2] as string);
  }
  const host = fields.get('host') ?? '';
  const length = fields.get('content-length') ?? '';
  const connection = fields.get('connection')?.toLowerCase() ?? 'keep-alive';
  if (!HOST.test(host) || !LENGTH.test(length)) return undefined;
  if (connection !== 'keep-alive' && connection !== 'close') return undefined;
  return {
    url: `http://${host}${path}`,
    headers: new PlainHeaders(fields),
    fields,
    length: Number(length),
    isLast: connection === 'close',
  };
}

class PlainHeaders {
  readonly #fields: ReadonlyMap<string, string>;

  constructor(fields: ReadonlyMap<string, string>) {
    this.#fields = fields;
  }

  get(name: string): string | null {
    return this.#fields.get(name.toLowerCase()) ?? null;
  }

  has(name: string): boolean {
    return this.#fields.has(name.toLowerCase());
  }
}
