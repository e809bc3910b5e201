// What the wire contract needs of a request: a web-standard Request is one.

/**
 * A request for the wire contract. `url` is absolute. `signal` aborts when the client has gone; asking for it may cost
 * something. `text` may be called once.
 */
export type WireRequest = Pick<Request, 'method' | 'url' | 'signal' | 'body' | 'text'> & {
  readonly headers: Pick<Headers, 'get' | 'has'>;
};
