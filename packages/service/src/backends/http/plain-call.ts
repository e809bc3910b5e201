// A call as nearly all clients send it, read from node:http without a web-standard Request.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { PypesError } from '@pypes/contract';
import type { WireRequest } from '../../http/wire-request.ts';

const PATH = /^\/(?:api\/(?:pack|swarm)\/[\w.-]+\/agent|mcp(?:\?tools=[a-z]+)?)$/;
const HOST = /^[a-z\d.-]+(?::(?:\d{1,4}|[1-5]\d{4}))?$/i;
/** Nothing that is larger than a small call: what a body may have is for the service to say. */
const MOST_BYTES = 1_000_000;

/**
 * Whether a request is a plain call: POST to a pack's agent or to the MCP door, with a body of a known length, no header
 * twice, nothing of a web page. All others are for the adapter, which knows every form of HTTP.
 */
export function isPlainCall(incoming: IncomingMessage): boolean {
  if (incoming.method !== 'POST' || !PATH.test(incoming.url ?? '')) return false;
  const { headers, rawHeaders } = incoming;
  // node:http keeps the first of two, or joins them; nobody should have to know which.
  if (rawHeaders.length !== 2 * Object.keys(headers).length) return false;
  const length = headers['content-length'];
  return (
    headers.origin === undefined &&
    headers['transfer-encoding'] === undefined &&
    length !== undefined &&
    Number(length) <= MOST_BYTES &&
    HOST.test(headers.host ?? '')
  );
}

const decoder = new TextDecoder();

/** A plain call as the wire contract takes it. */
export class PlainCall implements WireRequest {
  readonly method = 'POST';
  readonly body = null;
  readonly headers: PlainHeaders;
  readonly #incoming: IncomingMessage;
  readonly #outgoing: ServerResponse;
  #gone: AbortController | undefined;
  #bytes: Buffer | undefined;

  constructor(incoming: IncomingMessage, outgoing: ServerResponse) {
    this.#incoming = incoming;
    this.#outgoing = outgoing;
    this.headers = new PlainHeaders(incoming);
  }

  get url(): string {
    return `http://${this.#incoming.headers.host}${this.#incoming.url}`;
  }

  /** Made when first asked for: most calls end before anybody asks. */
  get signal(): AbortSignal {
    if (this.#gone === undefined) {
      const gone = new AbortController();
      this.#gone = gone;
      const outgoing = this.#outgoing;
      const look = () => {
        if (!outgoing.writableFinished) gone.abort(new PypesError('canceled', 'The client closed its connection'));
      };
      if (outgoing.closed) look();
      else outgoing.once('close', look);
    }
    return this.#gone.signal;
  }

  /** The body, where it was read. */
  get bytes(): Buffer | undefined {
    return this.#bytes;
  }

  /** @throws PypesError `canceled` where the client goes before it has sent everything */
  text(): Promise<string> {
    const incoming = this.#incoming;
    return new Promise((resolve, reject) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('end', () => {
        this.#bytes = chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks);
        resolve(decoder.decode(this.#bytes));
      });
      incoming.on('error', () => reject(new PypesError('canceled', 'The client went before it had sent its request')));
    });
  }
}

/** The headers of a request that has none of them twice. */
class PlainHeaders {
  readonly #incoming: IncomingMessage;

  constructor(incoming: IncomingMessage) {
    this.#incoming = incoming;
  }

  get(name: string): string | null {
    const value = this.#incoming.headers[name.toLowerCase()];
    return typeof value === 'string' ? value : null;
  }

  has(name: string): boolean {
    return this.get(name) !== null;
  }
}
