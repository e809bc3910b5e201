// A plain call as the wire contract takes it, and as a Request for what needs one.
import { PypesError } from '@pypes/contract';
import type { WireRequest } from '../../../http/wire-request.ts';
import type { PlainHead } from './head.ts';

const BYTE_ORDER_MARK = 0xfeff;

/** A call of which everything is there. */
export class PlainCall implements WireRequest {
  readonly method = 'POST';
  readonly body = null;
  readonly url: string;
  readonly headers: PlainHead['headers'];
  readonly #head: PlainHead;
  /** The body is what follows `start`. */
  readonly #bytes: Buffer;
  readonly #start: number;
  #hasGone = false;
  #gone: AbortController | undefined;

  constructor(head: PlainHead, bytes: Buffer, start: number) {
    this.url = head.url;
    this.headers = head.headers;
    this.#head = head;
    this.#bytes = bytes;
    this.#start = start;
  }

  /** Made when first asked for: most calls end before anybody asks. */
  get signal(): AbortSignal {
    if (this.#gone === undefined) {
      this.#gone = new AbortController();
      if (this.#hasGone) this.leave();
    }
    return this.#gone.signal;
  }

  /** The client has gone. */
  leave(): void {
    this.#hasGone = true;
    this.#gone?.abort(new PypesError('canceled', 'The client closed its connection'));
  }

  text(): string {
    const text = this.#bytes.toString('utf8', this.#start);
    return text.charCodeAt(0) === BYTE_ORDER_MARK ? text.slice(1) : text;
  }

  toRequest(): Request {
    const { method, url, signal } = this;
    return new Request(url, {
      method,
      signal,
      headers: [...this.#head.fields],
      body: new Uint8Array(this.#bytes.subarray(this.#start)),
    });
  }
}
