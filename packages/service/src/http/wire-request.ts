// What the wire contract needs of a request: a web-standard Request is one.

/**
 * A request for the wire contract. `url` is absolute. `signal` aborts when the client has gone; asking for it may cost
 * something. `text` may be called once; where all of it is there, it comes without a promise.
 */
export type WireRequest = Pick<Request, 'method' | 'url' | 'signal' | 'body'> & {
  text(): string | Promise<string>;
  readonly headers: Pick<Headers, 'get' | 'has'>;
};
