// A host behind `context.use` for tests: objects in memory, canned answers, and a record of what was asked for.
import { type CapabilityOperation, type Json, type JsonObject, PypesError } from '@pypes/contract';
import type { TestUseHandler } from './context.ts';

/** What the agent used, each parameter that was left out or null left out. */
export function createTestUses() {
  const operations: (readonly [CapabilityOperation, JsonObject])[] = [];
  const objects = new Map<string, JsonObject>();

  const answers: { readonly [operation: string]: (parameters: JsonObject) => Json } = {
    'objects.put': ({ name, text, content_type }) => {
      const size = new TextEncoder().encode(String(text)).length;
      const info = { name: String(name), content_type: content_type ?? 'text/plain', size, digest: 'sha256:0' };
      objects.set(String(name), { ...info, text: String(text) });
      return info;
    },
    'objects.get': ({ name }) => objects.get(String(name)) ?? null,
    'objects.list': () => [...objects.values()].map(({ text: _text, ...info }) => info),
    'objects.delete': ({ name }) => objects.delete(String(name)),
    fetch: ({ url, text }) => ({
      status: 201,
      status_text: 'Created',
      url: String(url),
      headers: [['content-type', 'text/plain']],
      text: `pong: ${String(text)}`,
    }),
    'vault.get': () => 'sesame',
    'ai.complete': () => ({
      text: 'You said hello',
      tool_calls: [],
      model: 'test/one',
      finish_reason: 'stop',
      usage: { prompt_tokens: 1, completion_tokens: 3, total_tokens: 4 },
    }),
  };

  const onUse: TestUseHandler = (operation, parameters) => {
    const given = Object.entries(parameters).filter(([, value]) => value !== null);
    operations.push([operation, Object.fromEntries(given)]);
    const answer = answers[operation];
    if (answer === undefined) throw new PypesError('unsupported', `This test has no ${operation}`);
    return answer(parameters);
  };
  return { operations, onUse };
}
