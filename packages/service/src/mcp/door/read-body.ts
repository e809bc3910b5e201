// Reads a body as JSON, no further than its limit.
import { readRequestBody } from '@modelcontextprotocol/server';
import type { Json } from '@pypes/contract';

/** What was read. */
export type ReadBody =
  | { readonly kind: 'body'; readonly body: Json }
  | { readonly kind: 'too-large' }
  | { readonly kind: 'no-json' };

/** Reads a request's body. */
export async function readBody(request: Request, mostBytes: number): Promise<ReadBody> {
  const length = request.headers.get('content-length');
  if (length !== null && Number(length) > mostBytes) return { kind: 'too-large' };
  let text: string;
  if (length === null) {
    const read = await readRequestBody(request, mostBytes);
    if (read.tooLarge) return { kind: 'too-large' };
    text = read.text;
  } else text = await request.text();
  try {
    return { kind: 'body', body: JSON.parse(text) as Json };
  } catch {
    return { kind: 'no-json' };
  }
}
