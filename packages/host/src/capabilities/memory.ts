// The memory operations of `context`.
import { isJsonObject, type MemoryCheckout } from '@pypes/contract';
import { invalid, optionalText, textOf } from './content.ts';
import type { Perform, Use } from './operation.ts';

/** The document that a call has taken out. */
const checkouts = new WeakMap<Use['memory'], MemoryCheckout>();

export const memoryOperations = {
  'memory.get': async ({ operation, parameters, memory }) =>
    (await memory.get(textOf(operation, 'key', parameters))) ?? null,
  'memory.set': async ({ operation, parameters, memory }) => {
    await memory.set(textOf(operation, 'key', parameters), parameters.value ?? null);
    return null;
  },
  'memory.delete': ({ operation, parameters, memory }) => memory.delete(textOf(operation, 'key', parameters)),
  'memory.list': ({ operation, parameters, memory }) => memory.list(optionalText(operation, 'prefix', parameters)),
  'memory.checkout': async ({ memory }) => {
    const taken = checkouts.get(memory) ?? (await memory.checkout());
    checkouts.set(memory, taken);
    return taken.document;
  },
  'memory.commit': async ({ parameters: { document }, memory }) => {
    const taken = checkouts.get(memory);
    if (taken === undefined) throw invalid('This call has not taken its memory out');
    if (document === undefined || !isJsonObject(document)) throw invalid('A memory document is a JSON object');
    await taken.commit(document);
    return null;
  },
} satisfies { readonly [operation: string]: Perform };
