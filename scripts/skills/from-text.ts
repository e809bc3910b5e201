// A component from a core module in text form, which speaks the canonical ABI itself.
import { componentEmbed, componentNew, parse } from '@bytecodealliance/jco-transpile/wasm-tools';

/** What a component is made of. */
export type SkillSource = { readonly text: string; readonly wit: string; readonly world: string };

/** The component of a world, by the module's exports. */
export async function componentFromText({ text, wit, world }: SkillSource): Promise<Uint8Array> {
  const binary = await parse(text);
  return componentNew(await componentEmbed({ binary, witSource: wit, world, stringEncoding: 'utf8' }), []);
}
