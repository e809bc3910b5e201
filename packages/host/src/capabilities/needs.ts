// Which permission an operation of `context` needs, and whether a pack has it. What is not here cannot be used.
import { type JsonObject, type Permissions, PypesError } from '@pypes/contract';
import type { Operation } from './operation.ts';

/** Undefined where the permissions suffice; else the grant that is missing, as `pypes grant` takes it. */
type Need = (permissions: Permissions, parameters: JsonObject) => string | undefined;

const reads: Need = ({ memory }) => (memory === 'none' ? 'memory=read' : undefined);
const writes: Need = ({ memory }) => (memory === 'read-write' ? undefined : 'memory=read-write');
const getsObjects: Need = ({ objects }) =>
  objects === 'read' || objects === 'read-write' ? undefined : 'objects=read-write';
const putsObjects: Need = ({ objects }) =>
  objects === 'write' || objects === 'read-write' ? undefined : 'objects=read-write';
const usesFiles: Need = ({ session }) => (session.includes('files') ? undefined : 'session=files');
const usesBrowser: Need = ({ session }) => (session.includes('browser') ? undefined : 'session=browser');

const NEEDS: { readonly [O in Operation]: Need } = {
  'memory.get': reads,
  'memory.list': reads,
  'memory.checkout': reads,
  'memory.set': writes,
  'memory.delete': writes,
  'memory.commit': writes,
  'objects.get': getsObjects,
  'objects.list': getsObjects,
  'objects.put': putsObjects,
  'objects.delete': putsObjects,
  'vault.get': ({ vault }, { name }) => (vault.includes(String(name)) ? undefined : `vault=${String(name)}`),
  'ai.complete': ({ ai }) => (ai ? undefined : 'ai=true'),
  fetch: ({ network }, { url }) => (network.length > 0 ? undefined : `network=${hostOf(url)}`),
  'session.read': usesFiles,
  'session.write': usesFiles,
  'session.list': usesFiles,
  'session.delete': usesFiles,
  'session.goto': usesBrowser,
  'session.click': usesBrowser,
  'session.fill': usesBrowser,
  'session.text': usesBrowser,
  'session.screenshot': (permissions, parameters) =>
    usesBrowser(permissions, parameters) ?? putsObjects(permissions, parameters),
};

/** The grant that is missing for an operation, as `pypes grant` takes it. */
export function missingPermission(
  operation: Operation,
  permissions: Permissions,
  parameters: JsonObject,
): string | undefined {
  return NEEDS[operation](permissions, parameters);
}

/** @throws PypesError `unsupported` where there is no such operation, `policy_denied` with the grant that is missing in its details */
export function checkNeed(
  operation: Operation,
  permissions: Permissions,
  parameters: JsonObject,
  pack: { readonly guid: string; readonly manifest: { readonly name: string } },
): void {
  // What a guest asks for may be any text.
  if (!Object.hasOwn(NEEDS, operation)) {
    throw new PypesError('unsupported', `There is no operation "${String(operation).slice(0, 80)}"`);
  }
  const missing = missingPermission(operation, permissions, parameters);
  if (missing === undefined) return;
  throw new PypesError(
    'policy_denied',
    `The pack "${pack.manifest.name}" was not granted context.${operation}; an operator can: pypes grant ${pack.guid} ${missing}`,
    { details: { operation, permission: missing } },
  );
}

function hostOf(url: unknown): string {
  try {
    return new URL(String(url)).host;
  } catch {
    return 'HOST';
  }
}
