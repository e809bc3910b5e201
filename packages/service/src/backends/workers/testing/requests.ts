// Requests that the tests of the edge send.
export const HOST = 'edge.example';
export const TOKEN = 'the-token-of-the-operator';
export const OPEN = { PYPES_OPEN: 'true', PYPES_ALLOW_HOSTS: HOST };
export const CLOSED = { PYPES_TOKEN: TOKEN, PYPES_ALLOW_HOSTS: HOST };

export type Sent = {
  readonly method?: string;
  readonly body?: unknown;
  readonly token?: string;
  readonly headers?: { readonly [name: string]: string };
};
export type Answer = {
  readonly status: number;
  readonly body: { readonly [key: string]: unknown };
  readonly headers: Headers;
};

type Fetch = (request: Request) => Promise<Response>;

/** JSON to a path and back, over a connection of its own: a kept one may have been closed while it was not looked at. */
export async function send(fetch: Fetch, path: string, sent: Sent = {}, base = `https://${HOST}`): Promise<Answer> {
  const { body, token } = sent;
  const request = new Request(base + path, {
    method: sent.method ?? (body === undefined ? 'GET' : 'POST'),
    headers: {
      connection: 'close',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...sent.headers,
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const response = await fetch(request);
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text === '' ? {} : JSON.parse(text) };
}

/** A file whose one agent answers with a value. */
export const answering = (name: string, value: string) => ({
  filename: `${name}.lispy`,
  source: `(define AGENT {:name "${name}" :description "Answers" :parameters {:type "object" :properties {}}})
(define (run context args) "${value}")`,
});

/** A file whose one agent counts its calls in its memory. */
export const COUNTING = {
  filename: 'count.lispy',
  source: `(define AGENT {:name "count" :description "Counts" :parameters {:type "object" :properties {}}})
(define (run context args)
  (let ((n (+ 1 (or (memory-get "n") 0)))) (memory-set "n" n) n))`,
};

export const bundle = (
  pack_guid: string | undefined,
  name: string,
  agents: readonly object[] = [answering('who', name)],
) => ({
  schema: 'pack/1.0',
  ...(pack_guid === undefined ? {} : { pack_guid }),
  name,
  agents,
});
