/** BiwaScheme in a child process; `argv[2]` is its entry file. */
import { createRequire } from 'node:module';
import { time } from './engine.ts';
import { slowness } from './engines.ts';
import { tasksFor } from './tasks.ts';

type Biwa = { run(source: string): { toString(): string } | undefined };
const biwa = createRequire(import.meta.url)(process.argv[2]!) as Biwa;
const timings = await time(tasksFor('scheme', slowness.biwa), (source) => String(biwa.run(source)));
process.stdout.write(JSON.stringify(timings));
