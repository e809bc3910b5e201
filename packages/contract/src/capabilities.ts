// What `context` can do beyond memory and calls: the operations by name, and the drivers that stand behind them.
import type { Json, JsonObject } from './json.ts';
import type { NetworkRule } from './network-rule.ts';
import type { MemoryScope } from './stores.ts';

/**
 * Every operation of `context` that an agent in any language can ask the host for. Parameters and results are JSON,
 * snake_case; bytes travel as base64. `?` marks what may be left out.
 *
 * - memory.get `{key}` → value or null · memory.set `{key, value}` · memory.delete `{key}` → boolean ·
 *   memory.list `{prefix?}` → keys
 * - objects.put `{name, content_type?, text? | base64?}` → ObjectInfo · objects.get `{name, start?, end?}` → ObjectInfo with
 *   `text?` or `base64?`, or null · objects.list `{prefix?}` → ObjectInfo[] · objects.delete `{name}` → boolean
 * - vault.get `{name}` → text
 * - ai.complete: an OpenAI chat completion request (`messages`, `model?`, `tools?`, …) or `schema?` for a typed answer →
 *   `{text, tool_calls, object?, model, finish_reason, usage}`
 * - fetch `{url, method?, headers?: {name: value}, text? | base64?}` → `{status, status_text, url, headers: [[name, value]],
 *   text? | base64?}`: `text` where the bytes are UTF-8
 * - session.read `{path}` → `{text? | base64?}` · session.write `{path, text? | base64?}` · session.list `{path?}` →
 *   `[{path, size, folder}]` · session.delete `{path}` → boolean
 * - session.goto `{url}` → `{url, title, status}` · session.click `{selector}` · session.fill `{selector, value}` ·
 *   session.text `{selector?}` → text · session.screenshot `{name, selector?, full_page?}` → ObjectInfo
 */
export const CAPABILITY_OPERATIONS = [
  'memory.get',
  'memory.set',
  'memory.delete',
  'memory.list',
  'objects.put',
  'objects.get',
  'objects.list',
  'objects.delete',
  'vault.get',
  'ai.complete',
  'fetch',
  'session.read',
  'session.write',
  'session.list',
  'session.delete',
  'session.goto',
  'session.click',
  'session.fill',
  'session.text',
  'session.screenshot',
] as const;

export type CapabilityOperation = (typeof CAPABILITY_OPERATIONS)[number];

/** A stored object: content-addressed bytes under a name. */
export type ObjectInfo = {
  readonly name: string;
  readonly content_type: string;
  readonly size: number;
  /** `sha256:` and the hex digest of the bytes. */
  readonly digest: string;
  /** The labels that it was stored with (spec 4, labels): for the host, no guest sees them. */
  readonly labels?: JsonObject;
};

/** Objects, by (tenant, pack, user) and name. Equal bytes of one of these are kept once. */
export interface ObjectStore {
  /** Replaces the object of that name atomically; has reached the disk when the promise resolves. */
  put(
    scope: MemoryScope,
    object: {
      readonly name: string;
      readonly contentType: string;
      readonly bytes: Uint8Array;
      readonly labels?: JsonObject;
    },
  ): Promise<ObjectInfo>;
  /** `start` and `end` (exclusive) choose a range of the bytes. */
  get(
    scope: MemoryScope,
    name: string,
    range?: { readonly start?: number; readonly end?: number },
  ): Promise<{ readonly info: ObjectInfo; readonly bytes: Uint8Array } | undefined>;
  /** Sorted by name. */
  list(scope: MemoryScope, prefix?: string): Promise<readonly ObjectInfo[]>;
  delete(scope: MemoryScope, name: string): Promise<boolean>;
  /** Forgets all objects of a pack, of every tenant. */
  removePack(packGuid: string): Promise<void>;
}

/** A secret as it lies in a store: nobody can read it without the operator's key. */
export type SealedSecret = {
  readonly name: string;
  readonly type: 'api_key' | 'login' | 'oauth' | 'cookie' | 'ssh';
  /** Whose it is; absent: the operator's own, which no tenant has. */
  readonly tenant?: string;
  readonly created_at: string;
  readonly updated_at: string;
  /** Tells which key sealed it; changes when the key is rotated. */
  readonly key_id: string;
  /** base64, 12 bytes. */
  readonly nonce: string;
  /** base64, with the authentication tag. */
  readonly ciphertext: string;
};

/** Sealed secrets, by tenant and name. */
export interface SecretStore {
  /** Those of all tenants. */
  list(): Promise<readonly SealedSecret[]>;
  /** The one of this tenant; without a tenant, the operator's own. */
  get(name: string, tenant?: string): Promise<SealedSecret | undefined>;
  /** Replaces all of them at once, atomically, those of all tenants: a rotation is never half done. */
  replace(change: (secrets: readonly SealedSecret[]) => readonly SealedSecret[]): Promise<void>;
}

/** Secrets, opened. */
export interface Vault {
  /** @throws PypesError `not_found`, `unavailable` where there is no key or it is not the one that sealed */
  open(name: string): Promise<string>;
  /** The vault of a tenant, which holds nothing of any other. Absent: tenants have no secrets here, and are refused. */
  readonly of?: (tenant: string) => Pick<Vault, 'open'>;
}

/** One request out of the host. */
export type EgressRequest = {
  readonly method: string;
  readonly url: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body?: Uint8Array;
};

/** What holds for one request. */
export type EgressOptions = {
  readonly rules: readonly NetworkRule[];
  readonly signal: AbortSignal;
  /** Milliseconds for the whole of it. */
  readonly timeoutMs: number;
  readonly responseBytes: number;
  readonly redirects: number;
};

export type EgressResponse = {
  readonly status: number;
  readonly statusText: string;
  /** After redirects. */
  readonly url: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Uint8Array;
};

/** The only way out to the network. */
export interface Egress {
  /**
   * @throws PypesError `policy_denied` (no rule, or an address that no rule allows), `unavailable` (no connection),
   * `timeout`, `resource_exhausted` (details `{limit}`)
   */
  fetch(request: EgressRequest, options: EgressOptions): Promise<EgressResponse>;
  close(): Promise<void>;
}

/** Who asks a model. */
export type AiCaller = { readonly packGuid: string; readonly agent: string; readonly runId: string };

/** The gateway to models: OpenAI's chat completion shapes in and out. */
export interface AiGateway {
  models(): Promise<readonly { readonly id: string; readonly owned_by: string }[]>;
  /** @throws PypesError `invalid_input`, `not_found` (model), `rate_limited`, `resource_exhausted` (budget), `unavailable`, `timeout` */
  complete(request: JsonObject, caller: AiCaller, signal: AbortSignal): Promise<JsonObject>;
  /** Chunks of a chat completion, as OpenAI streams them. */
  stream(request: JsonObject, caller: AiCaller, signal: AbortSignal): AsyncIterable<JsonObject>;
  close(): Promise<void>;
}

/** A session's parts, opened for one chain of calls. */
export interface WorkingSession {
  /** `operation` without its `session.` prefix; see {@link CAPABILITY_OPERATIONS}. */
  perform(operation: string, parameters: JsonObject, signal: AbortSignal): Promise<Json>;
  /** Bytes of a picture of the page. */
  screenshot(parameters: JsonObject, signal: AbortSignal): Promise<Uint8Array>;
  close(): Promise<void>;
}

/** Opens working sessions: a private folder, and a page of a real browser where there is one. */
export interface SessionProvider {
  open(about: {
    readonly scope: MemoryScope;
    readonly runId: string;
    readonly rules: readonly NetworkRule[];
    readonly maxBytes: number;
  }): Promise<WorkingSession>;
  close(): Promise<void>;
}
