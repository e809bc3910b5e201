// The skill that is published: a component made of its WIT and its code by the tools that others build theirs with.
import { readFileSync } from 'node:fs';
import { componentEmbed, componentNew, parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import { COMPONENT_FILE, INTERFACE_FILE, MANIFEST_FILE, type Skill, toDigest, toSkill } from '@pypes/registry';

const read = (name: string) => readFileSync(new URL(name, import.meta.url), 'utf8');

/** `acme:portfolio` in some version. */
export async function buildSkill(version: string): Promise<Skill> {
  const wit = read('interface.wit');
  const binary = await parse(read('core.wat'));
  const embedded = await componentEmbed({ binary, witSource: wit, world: 'skill', stringEncoding: 'utf8' });
  const component = await componentNew(embedded, []);
  const manifest = `[package]
name = "acme:portfolio"
version = "${version}"
description = "What a portfolio is worth, and what \\"growth\\" makes of it – exact to the last share"
license = "Apache-2.0"
[interface]
world = "skill"
[labels]
worth = { reads = ["private"], sends = ["none"] }
[limits]
memory_mb = 16
cpu_ms = 500
[checksums]
component = "${toDigest(component)}"
interface = "${toDigest(wit)}"
`;
  const files = new Map([
    [MANIFEST_FILE, Buffer.from(manifest)],
    [INTERFACE_FILE, Buffer.from(wit)],
    [COMPONENT_FILE, Buffer.from(component)],
  ]);
  return toSkill(files);
}
