/** The same tasks written in JavaScript: what V8 itself makes of them, the most that an interpreter in it could reach. */
import { time } from './engine.ts';
import { tasksFor } from './tasks.ts';

const fib = (n: number): number => (n < 2 ? n : fib(n - 1) + fib(n - 2));

const countUp = (n: number): number => {
  let acc = 0;
  for (let i = 0; i !== n; i++) acc += 2;
  return acc;
};

const build = (n: number): number => {
  let text = '';
  for (let i = 0; i !== n; i++) text += `line ${i};`;
  return text.length;
};

const data = Array.from({ length: 100_000 }, (_, i) => i);
const work = (): number =>
  data
    .map((x) => x * x)
    .filter((x) => x % 2 === 0)
    .reduce((a, b) => a + b, 0);

const run: { readonly [task: string]: () => number } = {
  'fib 25': () => fib(25),
  'loop 1e6': () => countUp(1_000_000),
  'string 1e4 lines': () => build(10_000),
  'map filter reduce 1e5': work,
};

// Each task is its own source here.
const tasks = tasksFor('scheme', { fib: 25, divide: 1 }).map((task) => ({ ...task, setup: '', run: task.name }));
const timings = await time(tasks, (source) => (source === '' ? '' : String(run[source]!())));
process.stdout.write(JSON.stringify(timings));
