// One try at one model, over the AI SDK: asked once, without its retries, within its own time.

import { PypesError } from '@pypes/contract';
import { generateText, jsonSchema, type LanguageModel, NoObjectGeneratedError, Output, streamText } from 'ai';
import type { KnownModel } from './models.ts';
import type { ReadRequest } from './request.ts';

/** A signal that ends with the caller's, or when the model has had its time. */
export function withTimeout(signal: AbortSignal, ms: number, model: string) {
  const controller = new AbortController();
  const timer = setTimeout(() => {
    controller.abort(
      new PypesError('timeout', `The model ${model} took longer than ${ms} ms`, {
        details: { limit: 'ai_ms', maximum: ms },
      }),
    );
  }, ms);
  const onAbort = () => controller.abort(signal.reason);
  if (signal.aborted) onAbort();
  else signal.addEventListener('abort', onAbort, { once: true });
  return {
    signal: controller.signal,
    end() {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      // What is still open upstream is closed.
      controller.abort();
    },
  };
}

function toOptions(request: ReadRequest, known: KnownModel, model: LanguageModel, abortSignal: AbortSignal) {
  const { messages, tools, toolChoice, settings, format } = request;
  const most = known.model.max_output_tokens;
  const wanted = settings.maxOutputTokens ?? most;
  const maxOutputTokens = wanted === undefined || most === undefined ? wanted : Math.min(wanted, most);
  return {
    model,
    messages,
    allowSystemInMessages: true,
    abortSignal,
    maxRetries: 0,
    ...settings,
    ...(maxOutputTokens === undefined ? {} : { maxOutputTokens }),
    ...(tools === undefined ? {} : { tools }),
    ...(toolChoice === undefined ? {} : { toolChoice }),
    ...(format === undefined
      ? {}
      : {
          output:
            format.schema === undefined
              ? Output.json()
              : Output.object({ schema: jsonSchema(format.schema as object), name: format.name }),
        }),
  };
}

/** The whole answer. What is no JSON where JSON was asked for is handed on as text: the caller sees what came. */
export async function generate(request: ReadRequest, known: KnownModel, model: LanguageModel, signal: AbortSignal) {
  try {
    const { text, toolCalls, finishReason, usage } = await generateText(toOptions(request, known, model, signal));
    return { text, toolCalls, finishReason, usage };
  } catch (error) {
    if (!NoObjectGeneratedError.isInstance(error)) throw error;
    const { text = '', finishReason = 'stop', usage = { inputTokens: 0, outputTokens: 0 } } = error;
    return { text, toolCalls: [], finishReason, usage };
  }
}

/** The parts of an answer as they come. */
export function stream(request: ReadRequest, known: KnownModel, model: LanguageModel, signal: AbortSignal) {
  // Failures come as parts of the stream; without a listener the SDK writes them to the console.
  return streamText({ ...toOptions(request, known, model, signal), onError: () => undefined }).stream;
}
