/** The engines to compare with: where they are installed, how slow they are, how they are started. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rounds, type Timings, warmUpMs } from './engine.ts';
import { type EngineTask, tasksFor } from './tasks.ts';

/** Sizes that keep every engine's part under a minute; times are scaled to the full size and marked. */
export const slowness = {
  lips: { fib: 12, divide: 2000 },
  biwa: { fib: 20, divide: 10 },
} as const;

const folder = dirname(fileURLToPath(import.meta.url));
/** Besides `bench/node_modules`, a folder of one's own: `LISPY_BENCH_MODULES=/tmp/x`. */
const roots = [join(folder, '..'), process.env.LISPY_BENCH_MODULES].filter((root) => root !== undefined);

/** The file of a package's entry, or `undefined` where it is not installed. */
export const installed = (specifier: string): string | undefined => {
  for (const root of roots) {
    try {
      return createRequire(join(root, 'x.js')).resolve(specifier);
    } catch {
      const direct = join(root, 'node_modules', specifier);
      if (existsSync(direct) && /\.[cm]?js$/.test(direct)) return direct;
    }
  }
  return undefined;
};

const run = (args: readonly string[]): Timings => {
  const child = spawnSync(process.execPath, args, { encoding: 'utf8', timeout: 300_000, maxBuffer: 1 << 24 });
  const line = child.stdout.trim().split('\n').at(-1) ?? '';
  if (child.status !== 0 || !line.startsWith('{'))
    throw new Error(`Engine failed (${args.at(-1)}): ${child.stderr.slice(-2000)}`);
  return JSON.parse(line) as Timings;
};

/** LisPy itself. */
export const runOurs = (): Timings => run([join(folder, 'engine-ours.ts')]);

/** The tasks in JavaScript, without an interpreter between. */
export const runJavaScript = (): Timings => run([join(folder, 'engine-javascript.ts')]);

/** An engine whose child is written in TypeScript here. */
export const runScheme = (name: 'lips' | 'biwa', entry: string): Timings =>
  run([join(folder, `engine-${name}.ts`), entry]);

/** SCI through nbb; where generating code from strings is refused, it interprets as it does in a locked page. */
export const runSci = (cli: string, mayGenerateCode: boolean): Timings => {
  const temporary = mkdtempSync(join(tmpdir(), 'lispy-bench-'));
  try {
    const script = join(temporary, 'bench.cljs');
    writeFileSync(script, clojureScript(tasksFor('clojure', { fib: 25, divide: 1 })));
    return run([...(mayGenerateCode ? [] : ['--disallow-code-generation-from-strings']), cli, script]);
  } finally {
    rmSync(temporary, { recursive: true });
  }
};

const clojureScript = (tasks: readonly EngineTask[]): string => `
(defn measure [f expected]
  (let [warm (+ (js/performance.now) ${warmUpMs})] (loop [] (f) (when (< (js/performance.now) warm) (recur))))
  (apply min (for [_ (range ${rounds})]
    (let [t (js/performance.now) r (f)]
      (when-not (= (str r) expected) (throw (js/Error. (str "wrong result " r))))
      (- (js/performance.now) t)))))
(def results (atom {}))
${tasks
  .map(
    (task) =>
      `${task.setup}\n(swap! results assoc ${JSON.stringify(task.name)} (measure (fn [] ${task.run}) ${JSON.stringify(task.expected)}))`,
  )
  .join('\n')}
(println (js/JSON.stringify (clj->js @results)))
`;
