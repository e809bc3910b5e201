// What runs in an isolate, and the fuel that it is given.
import type { GuestLanguage, GuestTools, Invocation } from '../../../threads/guest/language.ts';
import type { Meter } from '../../guest/meter.ts';
import type { ProgramFacts } from '../isolate.ts';
import { createMeter } from './fuel.ts';

/** Compiled modules by their names. */
export type Modules = { readonly [name: string]: WebAssembly.Module };

export type Program = {
  /** Runs one call; its arguments are JSON text. */
  run(invocation: Invocation, tools: GuestTools): unknown;
  readonly toFailure: GuestLanguage['toFailure'];
};

/** Makes an instance with fuel of its own. What it runs when it is made counts as well. */
export function withMeter<T>(modules: Modules, { fuel, sizes, source }: ProgramFacts, create: (meter: Meter) => T): T {
  const all = Object.values(sizes).reduce((sum, size) => sum + size, 0);
  const parts = new Map(Object.entries(modules).map(([name, module]) => [module, (sizes[name] ?? 0) / all]));
  const meter = createMeter({ fuel, cpuMs: source.cpuMs, parts });
  try {
    return create(meter);
  } catch (error) {
    throw meter.crossed() ?? error;
  }
}
