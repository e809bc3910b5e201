// The inline runtime in Node, for tests: isolates are modules of this process, which the transpiler shares, too.

import { $init, generate } from '@bytecodealliance/jco-transpile/component';
import { DEFAULT_LIMITS } from '@pypes/contract';
import type { InlineOptions } from '../../../inline/runtime.ts';
import type { Glue } from '../../guest/instance.ts';
import { transpileWith } from '../../transpile/tool.ts';
import { createGuest } from '../guest/serve.ts';
import { createInlineComponents } from '../index.ts';
import type { ComponentIsolates, IsolateProgram, ProgramFacts } from '../isolate.ts';

await $init;

export const isolatesInProcess: ComponentIsolates = {
  async open({ glue, modules, facts }: IsolateProgram) {
    const url = `data:text/javascript;base64,${Buffer.from(glue).toString('base64')}`;
    const compiled: { [name: string]: WebAssembly.Module } = {};
    for (const [name, bytes] of Object.entries(modules)) compiled[name] = await WebAssembly.compile(bytes);
    // What crosses to an isolate is JSON.
    const told = JSON.parse(JSON.stringify(facts)) as ProgramFacts;
    const guest = createGuest((await import(url)) as Glue, compiled, told);
    return { dead: false, dispose: () => {}, call: (call, tell) => guest.call(call, tell) };
  },
};

export function createInlineForTests(options: InlineOptions = {}) {
  return createInlineComponents(
    { transpile: async (bytes, how) => transpileWith(generate, bytes, how), isolates: isolatesInProcess },
    { guestBytes: DEFAULT_LIMITS.guestBytes, ...options },
  );
}
