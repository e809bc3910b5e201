// The memory operations of `context`.
import { isJsonObject } from '@pypes/contract';
import type { LabelledCheckout } from '../memory/call-memory.ts';
import { invalid, optionalText, textOf } from './content.ts';
import { Labelled, type Perform, type Use } from './operation.ts';

/** The document that a call has taken out. */
const checkouts = new WeakMap<Use['memory'], LabelledCheckout>();

export const memoryOperations = {
  'memory.get': async ({ operation, parameters, memory }) => {
    const { value, fields } = await memory.read(textOf(operation, 'key', parameters));
    return new Labelled(value ?? null, fields);
  },
  'memory.set': async ({ operation, parameters, memory, labels }) => {
    await memory.set(textOf(operation, 'key', parameters), parameters.value ?? null, labels);
    return null;
  },
  'memory.delete': ({ operation, parameters, memory }) => memory.delete(textOf(operation, 'key', parameters)),
  'memory.list': async ({ operation, parameters, memory }) => {
    const { keys, fields } = await memory.names(optionalText(operation, 'prefix', parameters));
    return new Labelled([...keys], fields);
  },
  'memory.checkout': async ({ memory }) => {
    const taken = checkouts.get(memory) ?? (await memory.checkout());
    checkouts.set(memory, taken);
    return new Labelled(taken.document, taken.fields);
  },
  'memory.commit': async ({ parameters: { document }, memory, labels }) => {
    const taken = checkouts.get(memory);
    if (taken === undefined) throw invalid('This call has not taken its memory out');
    if (document === undefined || !isJsonObject(document)) throw invalid('A memory document is a JSON object');
    await taken.commit(document, labels);
    return null;
  },
} satisfies { readonly [operation: string]: Perform };
