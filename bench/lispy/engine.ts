/** What every engine's child process does: warm up, time evaluations only, print the best times as JSON. */
import type { EngineTask } from './tasks.ts';

/** Best times in milliseconds at the task's own size, by name. */
export type Timings = { readonly [name: string]: number };

/** Long enough for the optimising compilers that all engines rely on. */
export const warmUpMs = 1500;
/** Evaluations that are timed; the best counts, because other work on the machine only adds time. */
export const rounds = 25;

/** Times `evaluate(task.run)` after warming up; `evaluate` gives the printed result. */
export const time = async (
  tasks: readonly EngineTask[],
  evaluate: (source: string) => string | Promise<string>,
): Promise<Timings> => {
  const timings: Record<string, number> = {};
  for (const task of tasks) {
    await evaluate(task.setup);
    const times: number[] = [];
    const warm = performance.now() + warmUpMs;
    for (let round = 0; times.length < rounds; round++) {
      const started = performance.now();
      const result = await evaluate(task.run);
      const elapsed = performance.now() - started;
      if (result !== task.expected) throw new Error(`"${task.name}" gives "${result}", expected "${task.expected}"`);
      if (round > 0 && started >= warm) times.push(elapsed);
    }
    timings[task.name] = Math.min(...times);
  }
  return timings;
};
