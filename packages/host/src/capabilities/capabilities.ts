// Every capability of a host behind one door: the permission is checked, then the operation performed.
import {
  type AiGateway,
  type Egress,
  type GrantStore,
  type Json,
  type ObjectStore,
  type Permissions,
  PypesError,
  type SessionProvider,
  type Vault,
} from '@pypes/contract';
import type { Pack } from '../packs/pack.ts';
import { fetchOperation } from './fetch.ts';
import { memoryOperations } from './memory.ts';
import { checkNeed, missingPermission } from './needs.ts';
import { objectOperations } from './objects.ts';
import type { Labelled, Operation, Perform, Use } from './operation.ts';
import { permissionsOf } from './permissions-of.ts';
import { vaultOperation } from './secrets.ts';
import { sessionOperations } from './session.ts';

/** The drivers of a host. What is left out is refused with `unsupported`. */
export type CapabilityDrivers = {
  readonly grants?: GrantStore;
  readonly objects?: ObjectStore;
  readonly vault?: Vault;
  readonly egress?: Egress;
  /** What `context.ai` is. */
  readonly ai?: AiGateway;
  /** The same for doors, in OpenAI's own shapes. */
  readonly aiDoor?: AiGateway;
  readonly sessions?: SessionProvider;
  /** Told of every secret that a call opened. */
  readonly onVaultUse?: (use: VaultUse) => void;
};

/** That a secret was opened, never its value. */
export type VaultUse = {
  readonly name: string;
  readonly pack_guid: string;
  readonly agent: string;
  readonly run_id: string;
  readonly tenant?: string;
};

/** A use as the caller hands it in. */
export type CapabilityRequest = Omit<Use, 'permissions' | 'onSecret'> & { readonly narrow?: Narrow };

/** What is left of a pack's permissions where a composition narrows them. */
export type Narrow = (own: Permissions) => Permissions;

/** The capabilities of a host. */
export interface Capabilities {
  /** @throws PypesError `policy_denied`, `unsupported`, and what the operation says */
  perform(request: CapabilityRequest): Promise<Json | Labelled>;
  /** The grant that a pack misses for an operation, whatever its parameters; undefined where it has one. */
  missingFor(operation: Operation, pack: Pack, narrow?: Narrow): Promise<string | undefined>;
  close(): Promise<void>;
}

export function createCapabilities(drivers: CapabilityDrivers): Capabilities {
  const { objects, vault, egress, ai, sessions } = drivers;
  const operations: { readonly [operation: string]: Perform } = {
    ...memoryOperations,
    ...vaultOperation(vault),
    ...(objects === undefined ? {} : objectOperations(objects)),
    ...(egress === undefined ? {} : fetchOperation(egress, vault)),
    ...(ai === undefined ? {} : aiOperation(ai)),
    ...(sessions === undefined ? {} : sessionOperations(sessions, objects)),
  };
  return {
    async perform(request) {
      const { operation, parameters, pack, scope, agent, runId, narrow = same } = request;
      const of = scope.tenant === undefined ? {} : { tenant: scope.tenant };
      const inForce = narrow((await permissionsOf(pack, drivers.grants)).inForce);
      checkNeed(operation, inForce, parameters, pack);
      const perform = Object.hasOwn(operations, operation) ? operations[operation] : undefined;
      if (perform === undefined) throw notThere(operation, pack);
      const onSecret = (name: string) =>
        drivers.onVaultUse?.({ name, pack_guid: pack.guid, agent, run_id: runId, ...of });
      return perform({ ...request, permissions: inForce, onSecret });
    },
    async missingFor(operation, pack, narrow = same) {
      return missingPermission(operation, narrow((await permissionsOf(pack, drivers.grants)).inForce), {});
    },
    async close() {
      await Promise.all([egress?.close(), ai?.close(), sessions?.close()]);
    },
  };
}

function same(own: Permissions): Permissions {
  return own;
}

function aiOperation(ai: AiGateway): { readonly [operation: string]: Perform } {
  return {
    'ai.complete': ({ parameters, pack, agent, runId, signal }) =>
      ai.complete(parameters, { packGuid: pack.guid, agent, runId }, signal()),
  };
}

function notThere(operation: Operation, pack: Pack): PypesError {
  return new PypesError(
    'unsupported',
    `This host has nothing behind context.${operation}, which "${pack.manifest.name}" asks for; pypes doctor says why`,
  );
}
