// A component around another one, which exports the interfaces of one world and nothing else of it.
import { parseWit } from '../../packages/wit/src/text/index.ts';
import { interfaceName } from '../../packages/wit/src/values/index.ts';

const PREAMBLE = [0x00, 0x61, 0x73, 0x6d, 0x0d, 0x00, 0x01, 0x00];
const COMPONENT = 4;
const INSTANCE = 5;
const ALIAS = 6;
const EXPORT = 11;
/** The sort of instances of components, in aliases and exports. */
const OF_INSTANCE = 5;

/** @throws Error for a world that exports something else than interfaces */
export function withExports(component: Uint8Array, { wit, world }: { wit: string; world: string }): Uint8Array {
  const names = exportsOf(wit, world).map((name) => Buffer.from(name));
  return Buffer.concat([
    Buffer.from(PREAMBLE),
    section(COMPONENT, [component]),
    // One instance of it, without arguments.
    section(INSTANCE, [leb(1), [0x00, 0, 0]]),
    section(ALIAS, [leb(names.length), ...names.flatMap((name) => [[OF_INSTANCE, 0x00, 0], leb(name.length), name])]),
    section(EXPORT, [
      leb(names.length),
      ...names.flatMap((name, index) => [[0x00], leb(name.length), name, [OF_INSTANCE], leb(index + 1), [0x00]]),
    ]),
  ]);
}

function exportsOf(wit: string, name: string): string[] {
  const resolved = parseWit([{ path: 'interface.wit', text: wit }]);
  const world = resolved.worlds.find((each) => each.name === name);
  if (world === undefined) throw new Error(`The WIT has no world "${name}"`);
  return Object.entries(world.exports).map(([key, item]) => {
    const found = 'interface' in item ? interfaceName(resolved, { interface: item.interface.id }) : null;
    if (found === null) throw new Error(`The world "${name}" exports "${key}", which is no interface with a name`);
    return found;
  });
}

function section(id: number, parts: readonly (Uint8Array | readonly number[])[]): Buffer {
  const body = Buffer.concat(parts.map((part) => Buffer.from(part)));
  return Buffer.concat([Buffer.from([id]), leb(body.length), body]);
}

function leb(value: number): Buffer {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    bytes.push(rest > 127 ? (rest % 128) | 0x80 : rest);
    if (rest < 128) return Buffer.from(bytes);
  }
}
