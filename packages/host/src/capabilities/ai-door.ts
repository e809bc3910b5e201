// The AI gateway for doors: every request passes the guard, whole or streamed.
import { type AiGateway, type Json, type JsonObject, type Label, PypesError } from '@pypes/contract';
import { Trail } from '@pypes/guard';
import type { CapabilityCall } from '../calls/call.ts';
import type { Caller } from '../calls/caller.ts';

/** Models, for a door. Absent where the operator configured none. */
export interface AiDoor {
  models(): ReturnType<AiGateway['models']>;
  /** @throws PypesError, see AiGateway */
  complete(request: JsonObject, from: string, signal: AbortSignal): Promise<JsonObject>;
  stream(request: JsonObject, from: string, signal: AbortSignal): AsyncIterable<JsonObject>;
}

/** Stands for the pack of requests that come from no pack, in budgets and records. */
const NO_PACK = 'gateway';
const NO_LABELS: ReadonlySet<Label> = new Set();

export function createAiDoor(gateway: AiGateway, { guard, recorded }: Caller, newId: () => string): AiDoor {
  function guarded(from: string, request: JsonObject, work: (request: JsonObject, run: string) => Promise<Json>) {
    const run = newId();
    const call: CapabilityCall = {
      kind: 'capability',
      from,
      to: 'context.ai.complete',
      packGuid: NO_PACK,
      args: request,
      labels: NO_LABELS,
      run,
      trail: new Trail(),
      perform: (args) => work(args, run),
    };
    return recorded(() => guard(call));
  }

  return {
    models: () => gateway.models(),
    async complete(request, from, signal) {
      const reply = await guarded(from, request, (args, runId) =>
        gateway.complete(args, { packGuid: NO_PACK, agent: from, runId }, signal),
      );
      return reply.output as JsonObject;
    },
    async *stream(request, from, signal) {
      const pipe = createPipe<JsonObject>();
      const done = guarded(from, request, async (args, runId) => {
        let chunks = 0;
        for await (const chunk of gateway.stream(args, { packGuid: NO_PACK, agent: from, runId }, signal)) {
          chunks += 1;
          if (!pipe.push(chunk)) break;
        }
        return { chunks };
      });
      done.then(
        () => pipe.end(),
        (error: unknown) => pipe.fail(error),
      );
      yield* pipe.read();
    },
  };
}

/** What one side pushes, the other reads, until one of them is done. */
function createPipe<T>() {
  const items: T[] = [];
  let wake: (() => void) | undefined;
  let state: 'open' | 'ended' | 'left' = 'open';
  let failure: { readonly error: unknown } | undefined;
  const stir = () => {
    wake?.();
    wake = undefined;
  };
  return {
    /** False where nobody reads any more. */
    push(item: T): boolean {
      items.push(item);
      stir();
      return state !== 'left';
    },
    end(): void {
      if (state === 'open') state = 'ended';
      stir();
    },
    fail(error: unknown): void {
      failure = { error };
      this.end();
    },
    async *read(): AsyncGenerator<T> {
      try {
        for (;;) {
          for (let item = items.shift(); item !== undefined; item = items.shift()) yield item;
          if (failure !== undefined) throw failure.error;
          if (state !== 'open') return;
          await new Promise<void>((stirred) => {
            wake = stirred;
          });
        }
      } finally {
        state = 'left';
      }
    },
  };
}

/** A host without models says so, and how to have some. */
export function noModels(): PypesError {
  return new PypesError(
    'unsupported',
    'No model is configured here; an operator writes ai.json into the data folder, see docs/guide/ai.md',
  );
}
