// The door that the other endpoint asks at: signed requests about calls under way, performed by their own contexts.
import { httpStatus, type Json, PypesError, toPypesError } from '@pypes/contract';
import {
  checkRequest,
  createNonceMemory,
  parseAskRequest,
  type RemoteKey,
  readSignedBody,
  signAnswer,
  toRemoteError,
} from '@pypes/contract/remote';
import { callOfAsk } from './call-id.ts';
import type { RemoteCalls } from './calls.ts';

export type AskDoorParts = {
  readonly key: RemoteKey;
  readonly calls: RemoteCalls;
  readonly windowMs: number;
  readonly now: () => number;
};

const MOST_NONCES = 100_000;

/** Never rejects. What is not signed, and what is about no call that is under way, is refused. */
export function createAskDoor({ key, calls, windowMs, now }: AskDoorParts): (request: Request) => Promise<Response> {
  const nonces = createNonceMemory({ windowMs, most: MOST_NONCES, now });

  async function answer(request: Request, { nonce, digest }: { readonly nonce: string; readonly digest: string }) {
    const id = callOfAsk(request.url);
    const call = id === undefined ? undefined : calls.find(id);
    if (call === undefined) throw new PypesError('not_found', 'No such call is under way');
    const body = await readSignedBody(request, { nonce, digest }, call.mostBytes);
    const { runner, first, notes, ask } = parseAskRequest(JSON.parse(new TextDecoder().decode(body)) as Json);
    if (!call.isRunBy(runner)) throw new PypesError('not_found', 'The call is under way elsewhere');
    call.note(first, notes);
    if (ask === undefined) return { status: 'ok' };
    try {
      return { status: 'ok', output: await call.perform(ask) };
    } catch (error) {
      return { status: 'failed', error: toRemoteError(error) };
    }
  }

  return async (request) => {
    let nonce: string | undefined;
    try {
      const signed = await checkRequest(key, request, { now: now(), windowMs, nonces });
      nonce = signed.nonce;
      return await toResponse(key, nonce, 200, await answer(request, signed));
    } catch (error) {
      const failure = error instanceof SyntaxError ? new PypesError('invalid_json', 'The body is no JSON') : error;
      const { code, message } = toPypesError(failure);
      return toResponse(key, nonce, httpStatus(code, 'service'), { status: 'error', code, message });
    }
  };
}

async function toResponse(key: RemoteKey, nonce: string | undefined, status: number, value: Json): Promise<Response> {
  const body = new TextEncoder().encode(JSON.stringify(value));
  const signed = nonce === undefined ? {} : await signAnswer(key, { nonce, status, body });
  return new Response(body, { status, headers: { ...signed, 'content-type': 'application/json' } });
}
