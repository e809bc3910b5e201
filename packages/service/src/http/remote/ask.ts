// Asks the host of a call what its guest asks of its context: signed, at the address that came with the call.
import { type Json, type Limits, PypesError } from '@pypes/contract';
import {
  createSignedPost,
  mostAskBytes,
  parseRemoteAnswer,
  type RemoteKey,
  type RemoteNote,
} from '@pypes/contract/remote';

export type AskerParts = {
  readonly callback: string;
  readonly key: RemoteKey;
  readonly limits: Limits;
  readonly fetch: (address: string, init: RequestInit) => Promise<Response>;
  readonly now: () => number;
  readonly newId: () => string;
  /** The host has no such call any more, or the guest asks too much: the call has to end. */
  readonly onGone: (error: PypesError) => void;
};

export interface Asker {
  /** @throws PypesError what the host says, `unavailable` where it cannot be asked */
  ask(operation: string, parameters: readonly Json[]): Promise<Json>;
  /** Tells logs and progress; false where they did not arrive. */
  tell(first: number, notes: readonly RemoteNote[]): Promise<boolean>;
}

const TELL_MS = 10_000;

export function createAsker({ callback, limits, onGone, ...parts }: AskerParts): Asker {
  const { host } = new URL(callback);
  const who = `The host of this call, ${host},`;
  const post = createSignedPost({ ...parts, who });
  const runner = parts.newId();
  let asking = 0;

  async function send(body: { readonly [key: string]: Json }, timeoutMs: number): Promise<Json> {
    const { status, isSigned, said } = await post(
      callback,
      { runner, ...body },
      { most: mostAskBytes(limits), timeoutMs },
    );
    if (isSigned && status === 200 && said !== undefined) return said;
    const refusal = new PypesError('unavailable', `${who} answers ${status}${isSigned ? '' : ' without a signature'}`);
    if (isSigned && status === 404) {
      onGone(new PypesError('canceled', 'The host of the call does not wait for it any more'));
    }
    throw refusal;
  }

  return {
    async ask(operation, parameters) {
      if (asking >= limits.fanOut) {
        const error = new PypesError(
          'resource_exhausted',
          `The call asks for more than ${limits.fanOut} things at once`,
          {
            details: { limit: 'fan_out', maximum: limits.fanOut },
          },
        );
        onGone(error);
        throw error;
      }
      asking += 1;
      try {
        const said = await send({ ask: { operation, parameters } }, limits.callMs);
        const answer = parseRemoteAnswer(said);
        if (answer === 'unknown') throw new PypesError('unavailable', `${who} answers with what is no answer`);
        if (!('error' in answer)) return answer.output;
        const { code, message, details } = answer.error;
        throw new PypesError(code, message, details === undefined ? {} : { details });
      } finally {
        asking -= 1;
      }
    },
    tell: (first, notes) =>
      send({ first, notes: notes as unknown as Json }, TELL_MS).then(
        () => true,
        () => false,
      ),
  };
}
