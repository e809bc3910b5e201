// The gateway: finds the model, falls back where it cannot answer, keeps budgets, records every request.
import { type AiCaller, type AiGateway, type JsonObject, PypesError, type Vault } from '@pypes/contract';
import { type Head, toChunk, toCompletion, toFinishReason, toUsageChunk, type Usage } from './answer.ts';
import { generate, stream, withTimeout } from './attempt.ts';
import { createBudgets } from './budgets.ts';
import { canFallBack, toAiError } from './failure.ts';
import { createModels, type KnownModel } from './models.ts';
import { type ReadRequest, readRequest } from './request.ts';
import type { AiRecord, AiSettings } from './types.ts';

export type AiGatewayOptions = {
  readonly settings: AiSettings;
  readonly vault: Vault;
  /** One record for each request, whatever became of it. */
  readonly onRecord?: (record: AiRecord) => void;
  /** What was recorded before this host started. */
  readonly records?: readonly AiRecord[];
  readonly fetch?: typeof globalThis.fetch;
  readonly now?: () => number;
  readonly newId?: () => string;
};

const DEFAULT_TIMEOUT_MS = 120_000;

/**
 * @example
 * const gateway = createAiGateway({ settings, vault });
 * await gateway.complete({ messages: [{ role: 'user', content: 'Hello' }] }, caller, signal);
 */
export function createAiGateway(options: AiGatewayOptions): AiGateway {
  const { settings, vault, now = Date.now, newId = () => crypto.randomUUID() } = options;
  const models = createModels(settings, vault, options.fetch ?? globalThis.fetch);
  const budgets = createBudgets(settings.budgets, now);
  for (const record of options.records ?? []) budgets.recall(record);

  function begin(request: ReadRequest, caller: AiCaller) {
    const candidates = models.find(request.model);
    budgets.reserve(caller.packGuid);
    const began = now();
    let firstToken: number | undefined;
    let recorded = false;
    const head = (known: KnownModel): Head => ({
      id: `chatcmpl-${newId()}`,
      model: known.id,
      created: Math.floor(began / 1000),
    });
    const end = (known: KnownModel, fallbacks: number, usage: Usage, outcome: { finish?: string; error?: string }) => {
      if (recorded) return;
      recorded = true;
      const { inputTokens = 0, outputTokens = 0 } = usage;
      budgets.settle(caller.packGuid, inputTokens + outputTokens);
      options.onRecord?.({
        time: new Date(began).toISOString(),
        pack_guid: caller.packGuid,
        agent: caller.agent,
        run_id: caller.runId,
        model: known.id,
        ...(request.model === undefined ? {} : { requested_model: request.model }),
        latency_ms: now() - began,
        ...(firstToken === undefined ? {} : { first_token_ms: firstToken - began }),
        prompt_tokens: inputTokens,
        completion_tokens: outputTokens,
        ...(outcome.finish === undefined ? {} : { finish_reason: outcome.finish }),
        ...(outcome.error === undefined ? {} : { error: outcome.error }),
        fallbacks,
      });
    };
    return { candidates, head, end, onToken: () => (firstToken ??= now()) };
  }

  /** The failure of one try, for the record and the caller; throws it where no other model may be asked. */
  async function failed(error: unknown, known: KnownModel, signal: AbortSignal): Promise<PypesError> {
    if (signal.aborted)
      return signal.reason instanceof PypesError ? signal.reason : new PypesError('canceled', 'Canceled');
    const key =
      known.provider.key === undefined ? undefined : await vault.open(known.provider.key).catch(() => undefined);
    return toAiError(error, known.id, key === undefined ? [] : [key]);
  }

  const NOTHING: Usage = { inputTokens: 0, outputTokens: 0 };
  const timeoutMs = settings.timeout_ms ?? DEFAULT_TIMEOUT_MS;

  return {
    models: async () => models.list.map(({ id, provider }) => ({ id, owned_by: provider.name })),

    async complete(body, caller, signal) {
      const request = readRequest(body);
      const run = begin(request, caller);
      for (const [tried, known] of run.candidates.entries()) {
        const time = withTimeout(signal, timeoutMs, known.id);
        try {
          const model = await models.open(known);
          const { text, toolCalls, finishReason, usage } = await generate(request, known, model, time.signal);
          run.end(known, tried, usage, { finish: toFinishReason(finishReason) });
          return toCompletion(run.head(known), text, toolCalls, finishReason, usage);
        } catch (error) {
          const failure = await failed(time.signal.aborted ? time.signal.reason : error, known, signal);
          const last = tried === run.candidates.length - 1;
          if (!last && !signal.aborted && canFallBack(time.signal.aborted ? time.signal.reason : error)) continue;
          run.end(known, tried, NOTHING, { error: failure.code });
          throw failure;
        } finally {
          time.end();
        }
      }
      throw new PypesError('not_found', 'No model is configured');
    },

    async *stream(body, caller, signal): AsyncGenerator<JsonObject> {
      const request = readRequest(body);
      const run = begin(request, caller);
      for (const [tried, known] of run.candidates.entries()) {
        const time = withTimeout(signal, timeoutMs, known.id);
        const head = run.head(known);
        let sent = false;
        let ended = false;
        const calls = new Map<string, number>();
        try {
          const model = await models.open(known);
          for await (const part of stream(request, known, model, time.signal)) {
            if (part.type === 'error') throw part.error;
            if (part.type === 'abort') throw time.signal.reason;
            for (const delta of toDeltas(part as StreamPart, calls)) {
              run.onToken();
              const opens = !sent;
              sent = true;
              if (opens) yield toChunk(head, { role: 'assistant', content: '' });
              yield toChunk(head, delta);
            }
            if (part.type !== 'finish') continue;
            ended = true;
            const finish = toFinishReason(part.finishReason);
            run.end(known, tried, part.totalUsage, { finish });
            if (!sent) yield toChunk(head, { role: 'assistant', content: '' });
            yield toChunk(head, {}, finish);
            if (request.includeUsage) yield toUsageChunk(head, part.totalUsage);
          }
          if (!ended) throw new PypesError('unavailable', `The model ${known.id} stopped in the middle of its answer`);
          return;
        } catch (error) {
          const cause = time.signal.aborted ? time.signal.reason : error;
          const failure = await failed(cause, known, signal);
          const last = tried === run.candidates.length - 1;
          if (!sent && !ended && !last && !signal.aborted && canFallBack(cause)) continue;
          if (!ended) run.end(known, tried, NOTHING, { error: failure.code });
          throw failure;
        } finally {
          time.end();
          // Whoever stops listening ends the request; what it cost is not known then.
          if (sent) run.end(known, tried, NOTHING, { error: 'canceled' });
        }
      }
    },

    close: async () => undefined,
  };
}

type StreamPart = {
  readonly type: string;
  readonly text?: string;
  readonly id?: string;
  readonly toolName?: string;
  readonly delta?: string;
};

/** What of a part the caller sees. */
function toDeltas(part: StreamPart, calls: Map<string, number>): readonly JsonObject[] {
  if (part.type === 'text-delta' && part.text !== undefined && part.text !== '') return [{ content: part.text }];
  const id = part.id ?? '';
  if (part.type === 'tool-input-start') {
    const index = calls.size;
    calls.set(id, index);
    const called = { name: part.toolName ?? '', arguments: '' };
    return [{ tool_calls: [{ index, id, type: 'function', function: called }] }];
  }
  if (part.type === 'tool-input-delta') {
    return [{ tool_calls: [{ index: calls.get(id) ?? 0, function: { arguments: part.delta ?? '' } }] }];
  }
  return [];
}
