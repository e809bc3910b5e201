// Shapes that files in the wild have, all first-class (spec 1).
import { randomUUID } from 'node:crypto';
import { SHAPES } from '../../agents/shapes.ts';
import { type Check, must, should } from '../../check.ts';
import { equal } from '../../expect.ts';
import { envelope, healthOf } from '../../shapes.ts';
import type { Subject } from '../../subject/subject.ts';

/** What is kept is one user's in one pack. */
async function keeps(subject: Subject, file: (typeof SHAPES)['pythonStorage' | 'pythonMemoryPath'], name: string) {
  const pack = await subject.deploy([file]);
  const [one, two] = [randomUUID(), randomUUID()];
  equal(await subject.output(pack, name, { value: 'first' }, { user: one }), 'first', 'what was written');
  equal(await subject.output(pack, name, {}, { user: one }), 'first', 'what is kept');
  equal(await subject.output(pack, name, {}, { user: two }), 'nothing', 'what another user sees');
  const users = Array.from({ length: 6 }, () => randomUUID());
  const write = (user: string) => subject.output(pack, name, { value: user }, { user });
  equal(await Promise.all(users.map(write)), users, 'what users wrote who called at once');
  const read = (user: string) => subject.output(pack, name, {}, { user });
  equal(await Promise.all(users.map(read)), users, 'what they read then');
}

const PYTHON_CHECKS: readonly Check[] = [
  must(
    'SHAPE-python-1',
    'python: a class with perform is an agent, wherever its base class comes from',
    async (subject) => {
      for (const file of [SHAPES.pythonClass, SHAPES.pythonClassPlain, SHAPES.pythonClassOther]) {
        const pack = await subject.deploy([file]);
        equal((await healthOf(subject, pack.guid)).agents, ['Greet'], 'the agents');
        equal(await subject.output(pack, 'Greet', { who: 'Ann' }), 'Hello Ann', 'the output');
        envelope(await subject.call(pack, 'Greet', { who: 7 }), 400, 'a call with a number');
      }
    },
    'python',
  ),
  must(
    'SHAPE-python-2',
    'python: a file holds several classes, which return what they like',
    async (subject) => {
      const pack = await subject.deploy([SHAPES.pythonClasses]);
      equal((await healthOf(subject, pack.guid)).agents, ['One', 'Two'], 'the agents');
      equal(await subject.output(pack, 'One'), { n: 1 }, 'a dict');
      equal(await subject.output(pack, 'Two'), '2', 'a coroutine');
    },
    'python',
  ),
  must(
    'SHAPE-python-3',
    'python: run may be a coroutine, and parameters have defaults',
    async (subject) => {
      const pack = await subject.deploy([SHAPES.pythonAsync]);
      equal(await subject.output(pack, 'slow_sum', { a: 1 }), 3, 'the sum with the default');
      equal(await subject.output(pack, 'slow_sum', { a: 1, b: 1 }), 2, 'the sum');
    },
    'python',
  ),
  should(
    'SHAPE-python-4',
    'python: the storage manager that files import is the memory of the call',
    (subject) => keeps(subject, SHAPES.pythonStorage, 'Keep'),
    'python',
  ),
  should(
    'SHAPE-python-5',
    'python: BRAINSTEM_MEMORY_PATH is the memory of the call',
    (subject) => keeps(subject, SHAPES.pythonMemoryPath, 'Note'),
    'python',
  ),
];

export const SHAPE_CHECKS: readonly Check[] = [
  ...PYTHON_CHECKS,
  must(
    'SHAPE-javascript-1',
    'javascript: TypeScript is an agent as it is',
    async (subject) => {
      const pack = await subject.deploy([SHAPES.typescript]);
      equal(await subject.output(pack, 'typed', { n: 2 }), { doubled: 4 }, 'the output');
      envelope(await subject.call(pack, 'typed', {}), 400, 'a call without arguments');
    },
    'javascript',
  ),
  must(
    'SHAPE-javascript-2',
    'javascript: a .js file with an asynchronous run is an agent',
    async (subject) => {
      const pack = await subject.deploy([SHAPES.javascriptJs]);
      equal(await subject.output(pack, 'plain'), { async: true }, 'the output');
    },
    'javascript',
  ),
  must(
    'SHAPE-lispy-1',
    'lispy: the Scheme shape is an agent',
    async (subject) => {
      const pack = await subject.deploy([SHAPES.lispyScheme]);
      equal(await subject.output(pack, 'greet', { who: 'Ann' }), 'Hello Ann', 'the output');
      envelope(await subject.call(pack, 'greet', { who: 7 }), 400, 'a call with a number');
    },
    'lispy',
  ),
  must(
    'SHAPE-lispy-2',
    'lispy: the Scheme shape has its names from its file, and nothing as a result is a status',
    async (subject) => {
      const pack = await subject.deploy([SHAPES.lispySchemeDefaults]);
      equal(await subject.output(pack, 'noted'), { status: 'ok' }, 'the output');
    },
    'lispy',
  ),
  must(
    'SHAPE-lispy-3',
    'lispy: a .lisp file is an agent',
    async (subject) => {
      equal(await subject.output(await subject.deploy([SHAPES.lispyLisp]), 'older'), 7, 'the output');
    },
    'lispy',
  ),
];
