// What the host and an isolate of its own for one component say to each other.
import type { Engine } from '../../threads/guest/engines.ts';
import type { AgentSource, FailureText } from '../../threads/wire/messages.ts';
import type { CoreAttachment } from '../core/attachment.ts';
import type { ComponentFacts } from '../read/agents.ts';

/** A component, or a core module, as an isolate is made from it. */
export type IsolateProgram = {
  /** The text of an ES module; see guest/instance.ts. */
  readonly glue: string;
  /** Core modules by the names that the glue has for them. */
  readonly modules: { readonly [name: string]: Uint8Array<ArrayBuffer> };
  /** JSON. */
  readonly facts: ProgramFacts;
};

/** A component. */
export type ComponentProgram = ComponentFacts & { readonly kind: 'component'; readonly once: readonly string[] };

/** A core module, which is the only one, and has no glue. */
export type CoreProgram = Omit<CoreAttachment, 'module'> & { readonly kind: 'core' };

/** What the guest in the isolate is told once. */
export type ProgramFacts = {
  readonly skill: ComponentProgram | CoreProgram;
  readonly source: AgentSource;
  /** Fuel of one call, in instructions. */
  readonly fuel: number;
  /** How large each module is. Bytes. */
  readonly sizes: { readonly [name: string]: number };
};

/** One call. */
export type IsolateCall = {
  readonly agent: string;
  readonly owner: string;
  readonly userGuid: string | null;
  readonly packGuid: string;
  readonly runId: string;
  /** JSON text. */
  readonly args: string;
};

/** Its result as JSON text, or how it failed. */
export type IsolateAnswer = { readonly text: string } | { readonly failure: FailureText };

/**
 * What the guest tells the host, and asks of it:
 * `log` [level, message, data?] · `progress` [fraction, message?] · `ask` [operation, parameters], answered with
 * `{"ok": answer}` or `{"refused": refusal}` · `stop` [], answered when the call has to end or has ended.
 */
export type TellHost = (kind: 'log' | 'progress' | 'ask' | 'stop', text: string) => Promise<string>;

/** An isolate that runs one version of one component, and nothing else. */
export interface ComponentIsolate extends Engine {
  /** Rejects where the isolate itself ends: it is dead then. */
  call(call: IsolateCall, tell: TellHost): Promise<IsolateAnswer>;
}

/** Starts isolates. */
export interface ComponentIsolates {
  /** @throws Error where the modules are no WebAssembly */
  open(program: IsolateProgram): Promise<ComponentIsolate>;
}
