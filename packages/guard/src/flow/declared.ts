// Declassification and endorsement: flows that somebody declared, typed, and counted in bits until they are used up.
import { isJsonObject, type Json, type JsonObject, PypesError } from '@pypes/contract';
import { bitsOf, fitsShape, parseShape, type Shape } from './bits.ts';
import { isWithin, type Mark, valueAt } from './lattice.ts';

/**
 * One declared flow: values of `shape` at `at` of the arguments of calls along an edge lose a mark, for `bits` of them
 * in one context. Taking `private` away is declassification, taking `untrusted` away endorsement.
 */
export type DeclaredFlow = {
  /** Who calls; `*` for all. */
  readonly from: string;
  /** What is called; `*` for all. */
  readonly to: string;
  readonly mark: Mark;
  /** JSON pointer into the arguments; the empty one means all of them. */
  readonly at: string;
  readonly shape: Shape;
  /** For one context, over all calls. Infinity only where the declaration says `unlimited`. */
  readonly bits: number;
};

/** What a declared flow lets through in one call, or why it does not. */
export type Release =
  | { readonly flow: DeclaredFlow; readonly bits: number }
  | { readonly flow: DeclaredFlow; readonly problem: string };

/**
 * The declared flows that speak about a call and a mark, each with what it lets through. `spentOn` tells the bits that
 * the context has spent on a flow; nothing is spent here.
 */
export function releasesOf(
  flows: readonly DeclaredFlow[],
  call: { readonly from: string; readonly to: string; readonly args: JsonObject },
  mark: Mark,
  spentOn: (flow: DeclaredFlow) => number,
): readonly Release[] {
  const releases: Release[] = [];
  for (const flow of flows) {
    if (flow.mark !== mark || !matches(flow.from, call.from) || !matches(flow.to, call.to)) continue;
    const value = valueAt(call.args, flow.at);
    if (value === undefined) continue;
    releases.push(toRelease(flow, value, spentOn(flow)));
  }
  return releases;
}

/** Whether a pointer lies in what one of the releases lets through. */
export function isReleased(releases: readonly Release[], pointer: string): boolean {
  return releases.some((release) => 'bits' in release && isWithin(pointer, release.flow.at));
}

/**
 * Reads a declared flow: `{from?, to, mark, at?, type, bits}` with `type` as {@link parseShape} has it and `bits` a
 * number or `"unlimited"`.
 *
 * @throws PypesError `invalid_request`
 */
export function parseDeclaredFlow(value: Json, where: string): DeclaredFlow {
  if (!isJsonObject(value)) throw invalid(where, 'a table', value);
  const { from = '*', to, mark, at = '', type, bits } = value;
  if (typeof from !== 'string') throw invalid(`${where}.from`, 'a name', from);
  if (typeof to !== 'string') throw invalid(`${where}.to`, 'a name', to);
  if (mark !== 'private' && mark !== 'untrusted') throw invalid(`${where}.mark`, '"private" or "untrusted"', mark);
  if (typeof at !== 'string' || (at !== '' && !at.startsWith('/'))) throw invalid(`${where}.at`, 'a JSON pointer', at);
  const shape = parseShape(type, `${where}.type`);
  if (bits !== 'unlimited' && (typeof bits !== 'number' || bits < 0)) {
    throw invalid(`${where}.bits`, 'a number of bits, or "unlimited"', bits);
  }
  return { from, to, mark, at, shape, bits: bits === 'unlimited' ? Number.POSITIVE_INFINITY : bits };
}

function matches(pattern: string, name: string): boolean {
  return pattern === '*' || pattern === name;
}

function toRelease(flow: DeclaredFlow, value: Json, spent: number): Release {
  if (!fitsShape(flow.shape, value))
    return { flow, problem: `is declared as ${flow.shape.type} and is something else` };
  const bits = bitsOf(flow.shape);
  if (flow.bits === Number.POSITIVE_INFINITY) return { flow, bits: Number.isFinite(bits) ? bits : 0 };
  if (spent + bits <= flow.bits) return { flow, bits };
  return { flow, problem: `would pass ${bits} bits, and ${Math.max(0, flow.bits - spent)} of ${flow.bits} are left` };
}

function invalid(where: string, wanted: string, value: Json | undefined): PypesError {
  return new PypesError('invalid_request', `${where} takes ${wanted}, got ${JSON.stringify(value)?.slice(0, 80)}`);
}
