// WASI 0.2 with nothing of the machine in it: what a component may have anyway, and the rest empty (spec 4).
import type { AgentSource } from '../../../threads/wire/messages.ts';
import type { CurrentCall } from '../import-function.ts';
import { createCli } from './cli.ts';
import { createClocks } from './clocks.ts';
import { createFilesystem } from './filesystem.ts';
import { createHeld } from './held.ts';
import { createHttp } from './http.ts';
import { createIo } from './io.ts';
import { createRandom } from './random.ts';

type Interfaces = { readonly [name: string]: object };

/** Gives the interface of a whole name: `wasi:cli/stdout@0.2.3`. One instance has its own of everything. */
export function createWasi(current: CurrentCall, source: AgentSource): (name: string) => object {
  let interfaces: Interfaces | undefined;
  return (name) => {
    interfaces ??= createAll(current, source);
    const path = name.slice('wasi:'.length, name.indexOf('@'));
    const found = Object.hasOwn(interfaces, path) ? interfaces[path] : undefined;
    if (found === undefined) throw new Error(`There is no ${name}`);
    return found;
  };
}

function createAll(current: CurrentCall, { guestBytes }: AgentSource): Interfaces {
  const io = createIo();
  return {
    ...io.interfaces,
    ...createCli(current),
    ...createClocks(current),
    ...createRandom(current),
    ...createFilesystem(),
    ...createHttp(current, createHeld(guestBytes, current.lifted)),
  };
}
