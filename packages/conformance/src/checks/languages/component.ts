// A WebAssembly component is a tool by its own types: each exported function is an agent (spec 1).
import { COMPONENT } from '../../agents/component.ts';
import { type Check, must } from '../../check.ts';
import { equal, list, ok } from '../../expect.ts';
import { envelope, healthOf } from '../../shapes.ts';

export const COMPONENT_CHECKS: readonly Check[] = [
  must(
    'LANG-component-1',
    'component: each exported function is an agent, called by the names of its parameters',
    async (subject) => {
      const pack = await subject.deploy([COMPONENT]);
      const names = list((await healthOf(subject, pack.guid)).agents, 'the agents').map(String);
      for (const name of ['add', 'echo', 'halve']) ok(names.includes(name), `"${name}" is among ${names.join(', ')}`);
      equal(await subject.output(pack, 'echo', { text: 'ünï ☃ 𝄞' }), 'ünï ☃ 𝄞', 'the echo');
      equal(await subject.output(pack, 'add', { a: 2, b: 0.5 }), 2.5, 'the sum');
      const move = names.find((name) => /^move[-_]right$/.test(name)) ?? 'move-right';
      equal(await subject.output(pack, move, { p: { x: 1, y: -2 } }), { x: 2, y: -2 }, 'a record');
    },
    'component',
  ),
  must(
    'LANG-component-2',
    'component: its types are its schema',
    async (subject) => {
      const pack = await subject.deploy([COMPONENT]);
      for (const args of [{ a: 'x', b: 1 }, { a: 1 }, { a: [1], b: 1 }]) {
        envelope(await subject.call(pack, 'add', args), 400, `add of ${JSON.stringify(args)}`);
      }
      for (const n of [-1, 1.5, 2 ** 32]) envelope(await subject.call(pack, 'halve', { n }), 400, `halve of ${n}`);
    },
    'component',
  ),
  must(
    'LANG-component-3',
    'component: the error of a result is the failure of the call',
    async (subject) => {
      const pack = await subject.deploy([COMPONENT]);
      equal(await subject.output(pack, 'halve', { n: 4 }), 2, 'the half');
      const said = JSON.stringify(envelope(await subject.call(pack, 'halve', { n: 3 }), 500));
      ok(said.includes('broken on purpose'), 'the message');
    },
    'component',
  ),
];
