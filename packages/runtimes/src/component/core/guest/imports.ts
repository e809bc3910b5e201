// The functions of the module `pypes`: all that a core module can reach, and nothing of it outside of a call.
import { HostError, LimitError } from '../../../threads/guest/failure.ts';
import type { GuestTools, Invocation } from '../../../threads/guest/language.ts';
import type { AgentSource } from '../../../threads/wire/messages.ts';
import type { CoreAttachment } from '../attachment.ts';
import { AbiError } from './failure.ts';
import { JsonError, readJson } from './json.ts';
import { perform } from './operations.ts';
import { decodeText, giveText, type Piece, pack, type Room, viewPiece } from './texts.ts';

/** One instance and the call that it is in. */
export type Bond = {
  current: { readonly invocation: Invocation; readonly tools: GuestTools } | undefined;
  /** Undefined until the module is instantiated: its `start` runs before. */
  room: Room | undefined;
  /** What an import threw first: it ends the call, also where the module catches it. */
  fault: unknown;
  /** The last refusal that `use` gave, and its text. */
  refusal: { readonly code: string; readonly text: string } | undefined;
  /** `run` is on the stack, and can be suspended. */
  mayWait: boolean;
  /** Progress that was told. */
  steps: number;
};

const LEVELS = ['debug', 'info', 'warn', 'error'];
const LONGEST_NAME = 200;
const MOST_RANDOM = 1_048_576;
const RANDOM_AT_ONCE = 65_536;

type Suspending = new (implementation: (...args: number[]) => unknown) => WebAssembly.ImportValue;

export function createImports(bond: Bond, { waits, mostDepth }: CoreAttachment, limits: AgentSource) {
  /** Its room and its call, for an import by this name. */
  function enter(name: string) {
    const { current, room } = bond;
    if (current !== undefined && room !== undefined) return { ...current, room };
    throw new AbiError(
      `pypes.${name} was called by the start function, when the memory is not there yet; use "_initialize"`,
    );
  }

  function read(room: Room, piece: Piece, what: string, most = limits.outputBytes): string {
    if (piece.length > most) throw new AbiError(`${what} has ${piece.length} bytes, at most ${most} are taken`);
    return decodeText(viewPiece(room, piece, what), what);
  }

  const imports: { [name: string]: (...args: number[]) => unknown } = {
    log(level = 0, at = 0, length = 0) {
      const { room, invocation } = enter('log');
      const name = LEVELS[level];
      if (name === undefined) throw new AbiError(`pypes.log has the levels 0 (debug) to 3 (error), got ${level}`);
      invocation.call.log.write(name, read(room, toPiece(at, length), 'The message of pypes.log'));
    },
    progress(fraction = 0, at = 0, length = 0) {
      const { room, invocation } = enter('progress');
      if (!(fraction >= 0 && fraction <= 1)) throw new AbiError(`pypes.progress takes 0 to 1, got ${fraction}`);
      const message = read(room, toPiece(at, length), 'The message of pypes.progress');
      const most = limits.logLines;
      if (++bond.steps > most)
        throw new LimitError('log_lines', most, `The call told its progress more than ${most} times`);
      invocation.call.progress(fraction, message === '' ? undefined : message);
    },
    use(operationAt = 0, operationLength = 0, at = 0, length = 0) {
      const { room, invocation, tools } = enter('use');
      if (!bond.mayWait) throw new AbiError('pypes.use was called by alloc or _initialize; only run can wait');
      if (tools.stopRequested(invocation.call)) {
        throw new HostError({ code: 'canceled', message: 'The call was stopped by the host' });
      }
      const name = toPiece(operationAt, operationLength);
      const operation = read(room, name, 'The operation of pypes.use', LONGEST_NAME);
      const given = parse(read(room, toPiece(at, length), `The parameters of ${operation}`), operation);
      return perform({ invocation, tools }, operation, given).then(
        (answer) => give(room, answer, false),
        (error: unknown) => {
          bond.refusal = toRefusal(error);
          return give(room, bond.refusal.text, true);
        },
      );
    },
    now: () => Date.now(),
    random(at = 0, length = 0) {
      const { room } = enter('random');
      const piece = toPiece(at, length);
      if (piece.length > MOST_RANDOM) {
        throw new AbiError(`pypes.random gives at most ${MOST_RANDOM} bytes at a time, not ${piece.length}`);
      }
      const bytes = viewPiece(room, piece, 'The place for pypes.random') as Uint8Array<ArrayBuffer>;
      for (let from = 0; from < bytes.length; from += RANDOM_AT_ONCE)
        crypto.getRandomValues(bytes.subarray(from, from + RANDOM_AT_ONCE));
    },
  };

  /** While `run` is suspended, `alloc` runs on a stack that is not. */
  function give(room: Room, text: string, failed: boolean): bigint {
    bond.mayWait = false;
    const piece = giveText(room, text);
    bond.mayWait = true;
    return pack(piece, failed);
  }

  function parse(text: string, operation: string): unknown {
    try {
      return readJson(text, mostDepth).value;
    } catch (error) {
      if (!(error instanceof JsonError)) throw error;
      throw new AbiError(`The text of the parameters of ${operation} ${error.message}`);
    }
  }

  const pypes: { [name: string]: WebAssembly.ImportValue } = {};
  for (const [name, implementation] of Object.entries(imports)) pypes[name] = remembering(bond, implementation);
  if (waits) {
    const { Suspending } = WebAssembly as unknown as { readonly Suspending: Suspending };
    pypes.use = new Suspending(remembering(bond, imports.use as (...args: number[]) => unknown));
  }
  return { pypes };
}

/** Numbers of WebAssembly come signed. */
function toPiece(at: number, length: number): Piece {
  return { at: at >>> 0, length: length >>> 0 };
}

/** A refusal of the host is an answer; the end of the call is not. */
function toRefusal(error: unknown): { readonly code: string; readonly text: string } {
  if (!(error instanceof HostError) || error.code === 'canceled') throw error;
  const { code, message, details } = error;
  return { code, text: JSON.stringify({ code, message, ...(details === undefined ? {} : { details }) }) };
}

/** An import that remembers what it threw. */
function remembering(bond: Bond, implementation: (...args: number[]) => unknown) {
  const remember = (error: unknown): never => {
    bond.fault ??= error;
    throw error;
  };
  return (...args: number[]): unknown => {
    try {
      const value = implementation(...args);
      return value instanceof Promise ? value.catch(remember) : value;
    } catch (error) {
      return remember(error);
    }
  };
}
