// WebAssembly components where there are no threads and no WebAssembly is compiled: each in an isolate of its own.
import type { Runtime } from '@pypes/contract';
import { createInlineRuntime, type InlineOptions } from '../../inline/runtime.ts';
import type { ComponentIsolates } from './isolate.ts';
import { createIsolateLanguage } from './language.ts';
import { readForIsolate, type Transpile } from './read.ts';
import { createSharedStore } from './shared.ts';

export type InlineComponentParts = {
  readonly transpile: Transpile;
  readonly isolates: ComponentIsolates;
};

const MEBIBYTE = 1024 * 1024;

/** An isolate has 128 MiB, for a few instances and what surrounds them. */
const DEFAULTS: Required<InlineOptions> = { calls: 4, guestBytes: 24 * MEBIBYTE, cpuMs: 5_000 };

/** Isolates of one runtime. An object at the edge may be waiting for ten at once. */
const MOST_ISOLATES = 4;

/** Instructions that stand for a millisecond where the clock stands still (docs/decisions/044). */
const FUEL_PER_MS = 500_000;

/**
 * The runtime of `.wasm` components at the edge. What may be imported, what is checked and how values cross is as
 * everywhere (component/runtime.ts); a call is ended by the fuel that its modules count themselves.
 *
 * @example
 * const runtime = createInlineComponents({ transpile, isolates: createLoaderIsolates(env.LOADER, guest) });
 */
export function createInlineComponents(
  { transpile, isolates }: InlineComponentParts,
  given: InlineOptions = {},
): Runtime {
  const options = { ...DEFAULTS, ...given };
  const runtime = createInlineRuntime({
    name: 'component',
    extensions: ['.wasm'],
    language: createIsolateLanguage(isolates),
    options,
    createEngines: createSharedStore(MOST_ISOLATES),
    read: (file, limits) => {
      const bounds = {
        guestBytes: Math.min(limits.guestBytes, options.guestBytes),
        fuel: Math.min(limits.cpuMs, options.cpuMs) * FUEL_PER_MS,
      };
      return readForIsolate(file, bounds, transpile);
    },
  });
  return { ...runtime, companions: ['.wit'] };
}
