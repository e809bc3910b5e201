// What the agent asks of the host, memory or another agent, and the promises that wait for the answers.
import { type RefusalText, TO_HOST } from '../wire/messages.ts';
import { RenewedMap } from '../wire/renewed-map.ts';
import type { GuestCall, Tell } from './call.ts';
import { HostError } from './failure.ts';
import { toOutput } from './output.ts';

type Waiting = { readonly resolve: (text: string) => void; readonly reject: (error: Error) => void };

export type Requests = ReturnType<typeof createRequests>;

export function createRequests(tell: Tell) {
  const waiting = new RenewedMap<number, Waiting>();
  let last = 0;
  return {
    async ask(call: GuestCall, operation: string, parameters: readonly unknown[]): Promise<unknown> {
      return JSON.parse(await this.askText(call, operation, toOutput(parameters)));
    },
    /** Parameters and answer as JSON text; the parameters are a list. */
    askText(call: GuestCall, operation: string, parameters: string): Promise<string> {
      if (call.ended) {
        const text = `context.${operation} was used after the call had ended; await it before run returns`;
        const late = Promise.reject<string>(new HostError({ code: 'canceled', message: text }));
        late.catch(() => {}); // A forgotten await must not end the thread under the calls of others.
        return late;
      }
      const number = ++last;
      return new Promise((resolve, reject) => {
        tell(TO_HOST.request, call.id, `[${number},${JSON.stringify(operation)},${parameters}]`);
        waiting.set(number, { resolve, reject });
      });
    },
    settle(fulfilled: boolean, number: number, text: string): void {
      const request = waiting.get(number);
      waiting.delete(number);
      if (fulfilled) request?.resolve(text);
      else request?.reject(new HostError(JSON.parse(text) as RefusalText));
    },
  };
}
