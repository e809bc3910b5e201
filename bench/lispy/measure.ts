/** LisPy side by side with SCI (through nbb), LIPS and BiwaScheme: `node bench/lispy/measure.ts`. */

import { rounds, type Timings, warmUpMs } from './engine.ts';
import { installed, runJavaScript, runOurs, runScheme, runSci, slowness } from './engines.ts';
import { tasksFor } from './tasks.ts';

/** Milliseconds of one evaluation at full size; undefined where an engine is not installed. */
export type LispyRow = {
  readonly name: string;
  readonly ours_ms: number;
  /** Written in JavaScript, compiled by V8. */
  readonly javascript_ms: number;
  /** As nbb ships it: it compiles hot functions with `new Function` where that is allowed. */
  readonly sci_ms: number | undefined;
  /** With code generation from strings refused, as in a locked page or an edge worker; LisPy never generates code. */
  readonly sci_interpreted_ms: number | undefined;
  readonly lips_ms: number | undefined;
  readonly biwa_ms: number | undefined;
};

/** Every engine runs this often, in turns with the others. */
const turns = 2;

/** How the figures come about, for the reports that print them. */
export const method =
  `Each engine in its own child process, one after the other on the same machine; ${warmUpMs / 1000} s of warm-up for each task, then the best of ${rounds} evaluations in each of ${turns} turns; ` +
  'only evaluation is timed, neither process start nor loading. ' +
  `LIPS runs fib ${slowness.lips.fib} and 1/${slowness.lips.divide} of the other sizes, BiwaScheme fib ${slowness.biwa.fib} and 1/${slowness.biwa.divide}; ` +
  'their times are scaled to the full size by the number of calls or items.';

const scaled = (timings: Timings | undefined, name: string, scale: number): number | undefined =>
  timings?.[name] === undefined ? undefined : timings[name] * scale;

const scalesOf = (sizes: { fib: number; divide: number }): Map<string, number> =>
  new Map(tasksFor('scheme', sizes).map((task) => [task.name, task.scale]));

const best = (measured: readonly Timings[]): Timings =>
  Object.fromEntries(
    Object.keys(measured[0]!).map((name) => [name, Math.min(...measured.map((timings) => timings[name]!))]),
  );

/** Runs all engines that are installed. */
export const measureLispy = (): LispyRow[] => {
  const nbb = installed('nbb/cli.js');
  const lips = installed('@jcubic/lips');
  const biwa = installed('biwascheme');
  const engines: Record<string, (() => Timings) | undefined> = {
    ours: runOurs,
    javascript: runJavaScript,
    sci: nbb === undefined ? undefined : () => runSci(nbb, true),
    interpreted: nbb === undefined ? undefined : () => runSci(nbb, false),
    lips: lips === undefined ? undefined : () => runScheme('lips', lips),
    biwa: biwa === undefined ? undefined : () => runScheme('biwa', biwa),
  };
  const measured: Record<string, Timings[]> = {};
  for (let turn = 0; turn < turns; turn++) {
    for (const [name, run] of Object.entries(engines)) if (run) measured[name] = [...(measured[name] ?? []), run()];
  }
  const timesOf = (name: string): Timings | undefined => measured[name] && best(measured[name]);
  const ours = timesOf('ours')!;
  const [lipsScale, biwaScale] = [scalesOf(slowness.lips), scalesOf(slowness.biwa)];
  return Object.keys(ours).map((name) => ({
    name,
    ours_ms: ours[name]!,
    javascript_ms: timesOf('javascript')![name]!,
    sci_ms: timesOf('sci')?.[name],
    sci_interpreted_ms: timesOf('interpreted')?.[name],
    lips_ms: scaled(timesOf('lips'), name, lipsScale.get(name)!),
    biwa_ms: scaled(timesOf('biwa'), name, biwaScale.get(name)!),
  }));
};

if (process.argv[1] === import.meta.filename) {
  console.table(
    measureLispy().map((row) =>
      Object.fromEntries(
        Object.entries(row).map(([key, value]) => [
          key,
          typeof value === 'number' ? Math.round(value * 100) / 100 : value,
        ]),
      ),
    ),
  );
  console.log(method);
}
