// One call inside an isolate: what the component can use there, all of which goes to the host.

import type { GuestCall } from '../../../threads/guest/call.ts';
import { HostError } from '../../../threads/guest/failure.ts';
import type { GuestTools, Invocation } from '../../../threads/guest/language.ts';
import { createCallLog } from '../../../threads/guest/logs.ts';
import { toOutput } from '../../../threads/guest/output.ts';
import type { AgentSource, RefusalText } from '../../../threads/wire/messages.ts';
import type { IsolateCall, TellHost } from '../isolate.ts';

export type OpenCall = {
  readonly invocation: Invocation;
  readonly tools: GuestTools;
  /** The call is over: waits for all answers, as nothing of one request may be waited for in another. */
  close(): Promise<void>;
};

export function openCall(
  given: Omit<IsolateCall, 'args'>,
  args: string,
  source: AgentSource,
  tell: TellHost,
): OpenCall {
  const telling = new Set<Promise<unknown>>();
  let controller: AbortController | undefined;

  function follow(told: Promise<unknown>): void {
    telling.add(told);
    const forget = () => telling.delete(told);
    told.then(forget, forget);
  }

  /** Told without waiting: of a host that does not listen the guest hears when it asks. */
  function send(kind: 'log' | 'progress', text: string): void {
    follow(tell(kind, text).catch(() => {}));
  }

  const call: GuestCall = {
    id: 0,
    ended: false,
    log: createCallLog(0, source, (_kind, _id, text) => send('log', text)),
    progress(fraction, message) {
      if (!call.ended) send('progress', JSON.stringify([fraction, message ?? null]));
    },
    /** Only a call that waits by itself has to hear that it was stopped. */
    get controller(): AbortController {
      if (controller !== undefined) return controller;
      const made = new AbortController();
      controller = made;
      const abort = () => made.abort();
      void tell('stop', '[]').then(abort, abort);
      return made;
    },
  };

  async function askText(_call: GuestCall, operation: string, parameters: string): Promise<string> {
    if (call.ended) throw new HostError({ code: 'canceled', message: `context.${operation} was used after the call` });
    const asking = tell('ask', `[${JSON.stringify(operation)},${parameters}]`);
    follow(asking);
    const answer = await asking;
    if (answer.startsWith(OK)) return answer.slice(OK.length, -1);
    throw new HostError((JSON.parse(answer) as { readonly refused: RefusalText }).refused);
  }

  return {
    invocation: { ...given, call, args },
    tools: {
      requests: {
        ask: async (of, operation, parameters) =>
          JSON.parse(await askText(of, operation, toOutput(parameters))) as unknown,
        askText,
        settle() {},
      },
      stopRequested: () => call.ended,
      createEngines: () => {
        throw new Error('A component has instances, no engines');
      },
    },
    async close() {
      call.log.close();
      call.ended = true;
      await Promise.allSettled(telling);
    },
  };
}

const OK = '{"ok":';
