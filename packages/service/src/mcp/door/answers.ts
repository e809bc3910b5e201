// Answers of the door itself, before any server is asked.
import type { Json } from '@pypes/contract';

/** A JSON-RPC error as an answer. */
export function refuse(status: number, code: number, message: string, id: Json = null): Response {
  return Response.json({ jsonrpc: '2.0', error: { code, message }, id }, { status });
}

/** The id of a request that is read well enough to have one. */
export function idOf(body: unknown): string | number | null {
  const id = (body as { readonly id?: unknown } | null)?.id;
  return typeof id === 'string' || typeof id === 'number' ? id : null;
}
