// How checks reach an endpoint: one request, one answer, whole and bounded.

export type Sent = {
  readonly method?: string;
  readonly headers?: { readonly [name: string]: string };
  /** A value travels as JSON, a text or bytes as they are. */
  readonly body?: unknown;
  /** The body travels in pieces, its length is not said before. */
  readonly chunked?: boolean;
  /** How long all of it may take. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  /** Requests that name the same object use one connection, one after another, as far as the endpoint keeps it. */
  readonly connection?: object;
};

export type Answer = {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: { readonly [name: string]: string };
  readonly text: string;
  readonly bytes: Uint8Array;
  /** The body as JSON; undefined where it is none. */
  readonly json: unknown;
};

/** Redirects are answers, and never followed: a token goes to nobody else. @throws NoAnswer */
export type Transport = (url: string, sent: Sent) => Promise<Answer>;

/**
 * Why there is no answer: nobody listens, the connection was closed in the middle, it took too long, the answer is
 * larger than anybody needs, or whoever asked no longer waits.
 */
export type NoAnswerKind = 'unreachable' | 'hung_up' | 'too_slow' | 'too_large' | 'aborted';

/** No answer came. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
  readonly kind: NoAnswerKind;

  constructor(kind: NoAnswerKind, message: string) {
    super(message);
    this.kind = kind;
  }
}

/** More than any answer of the contract: output has 8 MiB by default. */
export const MOST_ANSWER_BYTES = 32 * 1024 * 1024;
