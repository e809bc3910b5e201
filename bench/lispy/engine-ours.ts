/** LisPy in a child process: one warm instance, its blocking API, because the other engines block too. */
import { createRepl, printValue } from '@pypes/lispy';
import { time } from './engine.ts';
import { tasksFor } from './tasks.ts';

const repl = createRepl({ limits: { steps: Number.MAX_SAFE_INTEGER, memory: Number.MAX_SAFE_INTEGER } });
const timings = await time(tasksFor('scheme', { fib: 25, divide: 1 }), async (source) =>
  printValue(await repl.evaluate(source)),
);
process.stdout.write(JSON.stringify(timings));
