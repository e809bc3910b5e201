// wasi:http: requests go to the host as `context.fetch`, so that the egress rules decide about them as about any other.
import { HostError } from '../../../threads/guest/failure.ts';
import { type CurrentCall, inCall } from '../import-function.ts';
import { ENTRY_BYTES, type Held } from './held.ts';
import { createFieldsClass, type Fields, type FieldsClass } from './http-fields.ts';
import { InputStream, OutputStream, Pollable, wasiError } from './io.ts';

type Variant = { readonly tag: string; readonly val?: string };
type Answer = {
  readonly status: number;
  readonly headers: readonly (readonly [string, string])[];
  readonly text?: string;
  readonly base64?: string;
};

class OutgoingBody {
  #chunks: Uint8Array[] = [];
  #finished = false;
  #isTaken = false;
  readonly #held: Held;

  constructor(held: Held) {
    this.#held = held;
  }

  write(): OutputStream {
    if (this.#isTaken) throw wasiError(undefined);
    this.#isTaken = true;
    return new OutputStream((bytes) => {
      if (this.#finished) return;
      this.#held.take(bytes.length + ENTRY_BYTES);
      this.#chunks.push(bytes);
    });
  }

  /** All that was written; nothing more is taken. */
  take(): Buffer {
    const whole = Buffer.concat(this.#chunks);
    this.#finished = true;
    this.#held.give(whole.length + this.#chunks.length * ENTRY_BYTES);
    this.#chunks = [];
    return whole;
  }

  static finish(body: OutgoingBody): void {
    body.#finished = true;
  }
}

class OutgoingRequest {
  #method: Variant = { tag: 'get' };
  #path: string | undefined;
  #scheme: Variant | undefined;
  #authority: string | undefined;
  readonly #headers: Fields;
  readonly #held: Held;
  #body: OutgoingBody | undefined;

  constructor(headers: Fields, held: Held) {
    this.#headers = headers;
    this.#held = held;
  }

  body(): OutgoingBody {
    if (this.#body !== undefined) throw wasiError(undefined);
    this.#body = new OutgoingBody(this.#held);
    return this.#body;
  }

  method(): Variant {
    return this.#method;
  }

  setMethod(method: Variant): void {
    this.#method = method;
  }

  pathWithQuery(): string | undefined {
    return this.#path;
  }

  setPathWithQuery(path: string | undefined): void {
    this.#path = path;
  }

  scheme(): Variant | undefined {
    return this.#scheme;
  }

  setScheme(scheme: Variant | undefined): void {
    if (scheme?.tag === 'other') throw wasiError(undefined);
    this.#scheme = scheme;
  }

  authority(): string | undefined {
    return this.#authority;
  }

  setAuthority(authority: string | undefined): void {
    this.#authority = authority;
  }

  headers(): Fields {
    return this.#headers;
  }

  /** The parameters of `context.fetch`. */
  toFetch(): object {
    const scheme = this.#scheme?.tag === 'HTTP' ? 'http' : 'https';
    const method = (this.#method.tag === 'other' ? (this.#method.val ?? '') : this.#method.tag).toUpperCase();
    const body = this.#body?.take().toString('base64');
    return {
      url: `${scheme}://${this.#authority ?? ''}${this.#path ?? '/'}`,
      method,
      headers: this.#headers.toTexts(),
      ...(body === undefined || body === '' ? {} : { base64: body }),
    };
  }
}

class IncomingBody {
  #bytes: Uint8Array | undefined;

  constructor(bytes?: Uint8Array) {
    this.#bytes = bytes;
  }

  stream(): InputStream {
    const bytes = this.#bytes;
    if (bytes === undefined) throw wasiError(undefined);
    this.#bytes = undefined;
    return new InputStream(bytes);
  }

  static finish(): FutureTrailers {
    return new FutureTrailers();
  }
}

class FutureTrailers {
  subscribe(): Pollable {
    return new Pollable();
  }

  get(): object {
    return { tag: 'ok', val: { tag: 'ok', val: undefined } };
  }
}

class IncomingResponse {
  readonly #answer: Answer;
  readonly #fields: FieldsClass;
  #isConsumed = false;

  constructor(answer: Answer, fields: FieldsClass) {
    this.#answer = answer;
    this.#fields = fields;
  }

  status(): number {
    return this.#answer.status;
  }

  headers(): Fields {
    return this.#fields.fromTexts(this.#answer.headers);
  }

  consume(): IncomingBody {
    if (this.#isConsumed) throw wasiError(undefined);
    this.#isConsumed = true;
    const { text, base64 } = this.#answer;
    return new IncomingBody(
      new Uint8Array(base64 === undefined ? Buffer.from(text ?? '') : Buffer.from(base64, 'base64')),
    );
  }
}

class FutureIncomingResponse {
  #outcome: object | undefined;
  readonly #done: Promise<void>;
  #isTaken = false;

  constructor(response: Promise<Answer>, fields: FieldsClass) {
    this.#done = response.then(
      (answer) => {
        this.#outcome = { tag: 'ok', val: new IncomingResponse(answer, fields) };
      },
      (error: unknown) => {
        this.#outcome = { tag: 'err', val: toErrorCode(error) };
      },
    );
  }

  subscribe(): Pollable {
    return this.#outcome === undefined ? new Pollable(() => this.#done) : new Pollable();
  }

  get(): object | undefined {
    if (this.#outcome === undefined) return undefined;
    if (this.#isTaken) return { tag: 'err', val: undefined };
    this.#isTaken = true;
    return { tag: 'ok', val: this.#outcome };
  }
}

function toErrorCode(error: unknown): Variant {
  if (error instanceof HostError && error.code === 'policy_denied') return { tag: 'HTTP-request-denied' };
  if (error instanceof HostError && error.code === 'timeout') return { tag: 'connection-timeout' };
  return { tag: 'internal-error', val: error instanceof Error ? error.message : String(error) };
}

class RequestOptions {
  connectTimeout(): undefined {}
  setConnectTimeout(): void {}
  firstByteTimeout(): undefined {}
  setFirstByteTimeout(): void {}
  betweenBytesTimeout(): undefined {}
  setBetweenBytesTimeout(): void {}
}

/** Only servers have these; a component that links them never sees one. */
class IncomingRequest {}
class OutgoingResponse {}
class ResponseOutparam {}

export function createHttp(current: CurrentCall, held: Held): { readonly [name: string]: object } {
  const FieldsOfInstance = createFieldsClass(held);
  class RequestOfInstance extends OutgoingRequest {
    constructor(headers: Fields) {
      super(headers, held);
    }
  }
  const fetch = async (request: OutgoingRequest): Promise<Answer> => {
    const { invocation, tools } = inCall(current);
    return (await tools.requests.ask(invocation.call, 'fetch', [request.toFetch()])) as Answer;
  };
  return {
    'http/types': {
      Fields: FieldsOfInstance,
      FutureIncomingResponse,
      FutureTrailers,
      IncomingBody,
      IncomingRequest,
      IncomingResponse,
      OutgoingBody,
      OutgoingRequest: RequestOfInstance,
      OutgoingResponse,
      RequestOptions,
      ResponseOutparam,
      httpErrorCode: () => undefined,
    },
    // The body is complete when the request is: nothing is sent before the guest waits for the answer.
    'http/outgoing-handler': {
      handle: (request: OutgoingRequest) =>
        new FutureIncomingResponse(
          new Promise<void>((later) => setImmediate(later)).then(() => fetch(request)),
          FieldsOfInstance,
        ),
    },
  };
}
