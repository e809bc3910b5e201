// One instance of a core module: the arguments in, run, the result out.

import type { Engine } from '../../../threads/guest/engines.ts';
import { OutputError } from '../../../threads/guest/failure.ts';
import { type GuestTools, type Invocation, JsonText } from '../../../threads/guest/language.ts';
import type { AgentSource } from '../../../threads/wire/messages.ts';
import type { Meter } from '../../guest/meter.ts';
import type { CoreAttachment } from '../attachment.ts';
import { AbiError, AgentFailure } from './failure.ts';
import { type Bond, createImports } from './imports.ts';
import { JsonError, type ReadJson, readJson } from './json.ts';
import { decodeText, giveText, unpack, viewPiece } from './texts.ts';

/** An instance, made at the latest by its first call. Without `reset` it serves that one alone. */
export type CoreInstance = Engine & {
  /** Makes it ahead of its first call; only for modules that run no code when they are made. */
  prepare(): void;
  call(invocation: Invocation, tools: GuestTools): Result | Promise<Result>;
};

type Result = JsonText;

/** What a module exports; its types were checked when it was read. */
type Exports = {
  readonly memory: WebAssembly.Memory;
  readonly alloc: (length: number) => number;
  readonly run: (at: number, length: number) => bigint;
  readonly reset?: () => void;
  readonly _initialize?: () => void;
};

type Promising = (run: Exports['run']) => (at: number, length: number) => Promise<bigint>;

const MESSAGE_LENGTH = 1_000;

export function createInstance(skill: CoreAttachment, source: AgentSource, meter?: Meter): CoreInstance {
  const bond: Bond = {
    current: undefined,
    room: undefined,
    fault: undefined,
    refusal: undefined,
    mayWait: false,
    steps: 0,
  };
  let made: Exports | undefined;
  let isInitialized = false;
  let isDead = false;

  function make(): Exports {
    const imports = createImports(bond, skill, source);
    const instance = meter?.instantiate(skill.module, imports) ?? new WebAssembly.Instance(skill.module, imports);
    made = instance.exports as unknown as Exports;
    bond.room = { memory: made.memory, alloc: made.alloc };
    return made;
  }

  function run(args: unknown): Result | Promise<Result> {
    const exports = made ?? make();
    meter?.begin();
    if (!isInitialized) exports._initialize?.();
    isInitialized = true;
    const { at, length } = giveText(exports, typeof args === 'string' ? args : JSON.stringify(args));
    if (!skill.waits) return finish(exports, exports.run(at, length));
    const { promising } = WebAssembly as unknown as { readonly promising: Promising };
    bond.mayWait = true;
    return promising(exports.run)(at, length).then((packed) => finish(exports, packed));
  }

  function finish(exports: Exports, packed: bigint): Result {
    bond.mayWait = false;
    try {
      return toResult(packed, exports, bond, skill, source);
    } finally {
      reset(exports);
    }
  }

  /** What the call gave stands, whatever becomes of the instance. */
  function reset(exports: Exports): void {
    try {
      exports.reset?.();
    } catch {
      isDead = true;
    }
  }

  function fail(error: unknown): never {
    // Anything but a failure of its own may have left it in any state.
    if (!(error instanceof AgentFailure)) isDead = true;
    throw bond.fault ?? meter?.crossed() ?? error;
  }

  return {
    get dead() {
      return isDead || bond.fault !== undefined;
    },
    dispose() {},
    prepare: () => void (made ?? make()),
    call(invocation, tools) {
      bond.current = { invocation, tools };
      bond.refusal = undefined;
      bond.steps = 0;
      try {
        const result = run(invocation.args);
        return result instanceof Promise ? result.catch(fail) : result;
      } catch (error) {
        return fail(error);
      }
    },
  };
}

/** @throws AgentFailure, AbiError, OutputError */
function toResult(
  packed: bigint,
  exports: Exports,
  bond: Bond,
  { mostDepth }: CoreAttachment,
  { outputBytes }: AgentSource,
): JsonText {
  // A module that catches what an import threw has still broken the rule.
  if (bond.fault !== undefined) throw bond.fault;
  const { failed, ...piece } = unpack(packed);
  const what = failed ? 'The failure that run gave' : 'The result that run gave';
  const bytes = viewPiece(exports, piece, what, 'invalid_output');
  if (piece.length > outputBytes) {
    throw new OutputError('output_too_large', `${what} has ${piece.length} bytes, more than ${outputBytes}`);
  }
  const text = decodeText(bytes, what, 'invalid_output');
  const read = parse(text, what, mostDepth);
  if (failed) throw toAgentFailure(read, bond);
  return new JsonText(read.text);
}

function parse(text: string, what: string, mostDepth: number): ReadJson {
  try {
    return readJson(text, mostDepth);
  } catch (error) {
    if (error instanceof JsonError) throw new AbiError(`${what} ${error.message}`, 'invalid_output');
    throw error;
  }
}

/** A text is the message; an object has it under `message`, and is the payload. */
function toAgentFailure({ value, text }: ReadJson, { refusal }: Bond): AgentFailure {
  const cause = refusal?.text === text ? refusal.code : undefined;
  if (typeof value === 'string') return new AgentFailure(value.slice(0, MESSAGE_LENGTH), undefined, cause);
  const { message } = (value ?? {}) as { readonly message?: unknown };
  const said = typeof message === 'string' ? message : `run gave the failure ${text}`;
  return new AgentFailure(said.slice(0, MESSAGE_LENGTH), text, cause);
}
