/** LIPS in a child process; `argv[2]` is its entry file. */
import { pathToFileURL } from 'node:url';
import { time } from './engine.ts';
import { slowness } from './engines.ts';
import { tasksFor } from './tasks.ts';

type Lips = { exec(source: string): Promise<readonly { toString(): string }[]> };
const module = (await import(pathToFileURL(process.argv[2]!).href)) as { default?: Lips } & Partial<Lips>;
const lips = (module.default ?? module) as Lips;
// LIPS 0.20 has other names for what the tasks use.
const prelude = [
  '(define = ==)',
  '(define (fold-left f init l) (let loop ((acc init) (l l)) (if (null? l) acc (loop (f acc (car l)) (cdr l)))))',
  '(define (even? n) (== (% n 2) 0))',
  '(define (number->string n) (string n))',
  '(define string-append concat)',
  '(define (string-length s) (. s "length"))',
];
const known = async (name: string): Promise<boolean> =>
  lips.exec(name).then(
    () => true,
    () => false,
  );
for (const definition of prelude) {
  const name = /\(define \(?([^ )]+)/.exec(definition)![1]!;
  if (!(await known(name))) await lips.exec(definition);
}
const timings = await time(tasksFor('scheme', slowness.lips), async (source) =>
  String((await lips.exec(source)).at(-1)),
);
process.stdout.write(JSON.stringify(timings));
