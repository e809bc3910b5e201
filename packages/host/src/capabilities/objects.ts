// The object operations of `context`: content-addressed bytes under a name.
import { type ObjectInfo, type ObjectStore, PypesError } from '@pypes/contract';
import { allLabels, type FieldLabels, fromStoredLabels, joinLabels, NO_LABELS, toStoredLabels } from '@pypes/guard';
import { invalid, optionalCount, optionalText, textOf, toBytes, toContent } from './content.ts';
import { Labelled, type Perform, type Use } from './operation.ts';

const CONTENT_TYPE = /^[\w!#$&^.+-]+\/[\w!#$&^.+-]+(?:; ?[\w-]+="?[\w.-]+"?)*$/;
const LONGEST_TYPE = 200;

/** The operations over a store. */
export function objectOperations(store: ObjectStore) {
  return {
    'objects.put': async (use) => {
      const { operation, parameters } = use;
      const bytes = toBytes(operation, parameters) ?? new Uint8Array();
      const plain = typeof parameters.text === 'string';
      const contentType =
        optionalText(operation, 'content_type', parameters) ??
        (plain ? 'text/plain; charset=utf-8' : 'application/octet-stream');
      if (contentType.length > LONGEST_TYPE || !CONTENT_TYPE.test(contentType)) {
        throw invalid(`${operation} takes a content type such as image/png, got "${contentType.slice(0, 80)}"`);
      }
      return putObject(store, use, textOf(operation, 'name', parameters), contentType, bytes);
    },
    'objects.get': async ({ operation, parameters, scope }) => {
      const start = optionalCount(operation, 'start', parameters);
      const end = optionalCount(operation, 'end', parameters);
      const found = await store.get(scope, textOf(operation, 'name', parameters), {
        ...(start === undefined ? {} : { start }),
        ...(end === undefined ? {} : { end }),
      });
      if (found === undefined) return null;
      return new Labelled({ ...withoutLabels(found.info), ...toContent(found.bytes) }, fieldsOf(found.info));
    },
    'objects.list': async ({ operation, parameters, scope }) =>
      toListing(await store.list(scope, optionalText(operation, 'prefix', parameters))),
    'objects.delete': ({ operation, parameters, scope }) => store.delete(scope, textOf(operation, 'name', parameters)),
  } satisfies { readonly [operation: string]: Perform };
}

/** Stores an object within the limits of its size and of all objects of the user. */
export async function putObject(
  store: ObjectStore,
  { scope, limits, labels }: Use,
  name: string,
  contentType: string,
  bytes: Uint8Array,
): Promise<ObjectInfo> {
  if (bytes.length > limits.objectBytes) {
    throw exhausted(`The object "${name}" has ${bytes.length} bytes`, 'object_bytes', limits.objectBytes);
  }
  const others = (await store.list(scope)).filter((object) => object.name !== name);
  const all = others.reduce((sum, { size }) => sum + size, bytes.length);
  if (all > limits.objectsBytes) {
    throw exhausted(`The objects of this user would have ${all} bytes`, 'objects_bytes', limits.objectsBytes);
  }
  const stored = toStoredLabels(labels);
  return withoutLabels(await store.put(scope, { name, contentType, bytes, ...(stored && { labels: stored }) }));
}

/** What a guest sees of an object. */
function withoutLabels({ labels: _labels, ...info }: ObjectInfo): ObjectInfo {
  return info;
}

/** The labels of an object, for all that is told of it: who chose the bytes may have chosen the name. */
function fieldsOf({ labels }: ObjectInfo): FieldLabels {
  return new Map([['', allLabels(fromStoredLabels(labels))]]);
}

function toListing(objects: readonly ObjectInfo[]): Labelled {
  const labels = objects.reduce((all, info) => joinLabels(all, allLabels(fieldsOf(info))), NO_LABELS);
  return new Labelled(objects.map(withoutLabels), new Map([['', labels]]));
}

function exhausted(what: string, limit: string, maximum: number): PypesError {
  return new PypesError('resource_exhausted', `${what}, at most ${maximum} are kept`, { details: { limit, maximum } });
}
