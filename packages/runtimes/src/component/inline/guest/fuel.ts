// Counts what one instance of a component uses up: its modules do that themselves, and whatever is done for them is
// taken from what they have left.
import { LimitError } from '../../../threads/guest/failure.ts';
import { FUEL_EXPORT } from '../../fuel/index.ts';
import type { Meter } from '../../guest/meter.ts';
import { START_EXPORT } from '../start.ts';

/** What leaving WebAssembly costs, in instructions: the glue takes some microseconds. */
const BORDER = 8_000;
/** The part of all fuel that a module has at least, however small it is. */
const LEAST_PART = 1 / 8;
/** So that all of them together have a few times the fuel of a call at most. */
const MOST_INSTANCES = 32;

/** What one core instance has. */
type Tank = { readonly level: WebAssembly.Global<'i64'>; readonly part: number; filled: number };

export type MeterOptions = {
  /** Of a call, in instructions. */
  readonly fuel: number;
  /** The limit that this stands for. */
  readonly cpuMs: number;
  /** How much of all code each module has, from 0 to 1. */
  readonly parts: ReadonlyMap<WebAssembly.Module, number>;
};

/**
 * Each core instance has fuel of its own, and none can see that of another: it is levelled whenever one of them leaves
 * WebAssembly. In between each may use a part of what is left, by how much of the code it has.
 */
export function createMeter({ fuel, cpuMs, parts }: MeterOptions): Meter {
  const tanks: Tank[] = [];
  const own = new WeakSet<object>();
  let left = fuel;

  function fill(): void {
    for (const tank of tanks) {
      tank.filled = left < 0 ? -1 : Math.floor(left * tank.part);
      tank.level.value = BigInt(tank.filled);
    }
  }

  function spend(cost: number): void {
    left -= cost;
    for (const { level, filled } of tanks) {
      const now = Number(level.value);
      // Who has used up its own part has used up all.
      if (now < 0) left = -1;
      else left -= filled - now;
    }
    fill();
  }

  /** What is not WebAssembly itself is paid for by those who call it. */
  function count(value: WebAssembly.ImportValue): WebAssembly.ImportValue {
    if (typeof value !== 'function' || own.has(value)) return value;
    const target = value as (...given: unknown[]) => unknown;
    return (...given: unknown[]) => {
      spend(BORDER);
      return target(...given);
    };
  }

  return {
    instantiate(module, imports) {
      if (tanks.length >= MOST_INSTANCES) {
        throw new Error(`The component has more than ${MOST_INSTANCES} core instances, more than are counted here`);
      }
      const counted: { [name: string]: WebAssembly.ModuleImports } = {};
      for (const [name, members] of Object.entries(imports ?? {})) {
        counted[name] = Object.fromEntries(Object.entries(members).map(([key, value]) => [key, count(value)]));
      }
      const instance = new WebAssembly.Instance(module, counted);
      for (const value of Object.values(instance.exports)) if (typeof value === 'function') own.add(value);
      const level = instance.exports[FUEL_EXPORT] as WebAssembly.Global<'i64'>;
      tanks.push({ level, part: Math.max(LEAST_PART, parts.get(module) ?? 0), filled: Number(level.value) });
      spend(BORDER);
      (instance.exports[START_EXPORT] as (() => void) | undefined)?.();
      return instance;
    },
    begin() {
      left = fuel;
      fill();
    },
    spend,
    crossed() {
      if (left >= 0 && !tanks.some(({ level }) => level.value < 0n)) return undefined;
      const what = `The call used more than the ${fuel} instructions that stand for ${cpuMs} ms of computation`;
      return new LimitError('cpu_ms', cpuMs, what);
    },
  };
}
