// What a check sees of an endpoint: what it declares, requests, and packs that are gone when the check has ended.
import type { AgentName, Language } from '../agents/agents.ts';
import type { JsonObject } from '../expect.ts';
import type { Answer, Sent } from '../transport/transport.ts';

/** A pack that was deployed for a check. */
export type Deployed = { readonly guid: string; readonly token?: string };

export type BundleFile = {
  readonly filename: string;
  readonly source?: string;
  readonly source_base64?: string;
  readonly sha256?: string;
};

/** `token`: another one than the pack's or the endpoint's own; null: none at all. */
export type Asked = Omit<Sent, 'signal'> & { readonly token?: string | null };

/** A call beside its arguments. */
export type CallOptions = { readonly user?: unknown; readonly token?: string | null; readonly timeoutMs?: number };

export interface Subject {
  /** Without a slash at its end. */
  readonly url: string;
  /**
   * `runtimes` and `offers` of its healthz; `local` where it is on this machine's loopback interface; `auth` where it
   * gives packs tokens; `sandbox` unless its packs say that they are trusted.
   */
  readonly declares: ReadonlySet<string>;
  /** The language that checks use which are about no language. */
  readonly language: Language;
  /**
   * A request below the base URL; `path` begins with `/`. It carries the token of the pack that it names, or that of
   * the endpoint. What it deploys is gone when the check has ended. @throws NoAnswer
   */
  send(path: string, asked?: Asked): Promise<Answer>;
  /** A request to an address that the endpoint gave. @throws CheckFailure where it is another origin's, NoAnswer */
  follow(address: unknown, asked?: Asked): Promise<Answer>;
  /** Deploys files. @throws CheckFailure unless it answers 200 */
  deploy(files: readonly BundleFile[], more?: JsonObject): Promise<Deployed>;
  /** Deploys agents of the suite, in this language or another one. @throws CheckFailure unless it answers 200 */
  deployAgents(names: readonly AgentName[], more?: JsonObject, language?: Language): Promise<Deployed>;
  /** Calls an agent, whatever it answers. */
  call(pack: Deployed, name: string, args?: unknown, options?: CallOptions): Promise<Answer>;
  /** The output of a call. @throws CheckFailure unless it answers 200 */
  output(pack: Deployed, name: string, args?: unknown, options?: CallOptions): Promise<unknown>;
}
