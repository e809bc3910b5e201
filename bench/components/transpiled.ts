// A component made ready as the runtime makes it ready for its threads, to be called in this thread.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ComponentAttachment } from '../../packages/runtimes/src/component/attachment.ts';
import type { Glue } from '../../packages/runtimes/src/component/guest/instance.ts';
import { readComponent } from '../../packages/runtimes/src/component/read/skill.ts';
import { makeLean } from '../../packages/runtimes/src/component/transpile/lean.ts';
import { makeStrict } from '../../packages/runtimes/src/component/transpile/strict.ts';
import { transpile } from '../../packages/runtimes/src/component/transpile/transpile.ts';

/** What the transpiler made of a component without imports, and what an instance of it needs. */
export type TranspiledSkill = {
  /** As the transpiler wrote it. */
  readonly plainGlue: string;
  /** The same, without what every call pays for nothing: what guarded calls are compared with. */
  readonly leanGlue: string;
  /** As the threads of the runtime use it: with checks of its own. */
  readonly glue: string;
  readonly attachment: ComponentAttachment;
};

const DEADLINE_MS = 60_000;

export async function transpileSkill(bytes: Uint8Array): Promise<TranspiledSkill> {
  const skill = readComponent(bytes, 'skill.wasm');
  const { glue, modules: cores } = await transpile(
    bytes,
    { imports: [], waiting: undefined },
    { path: 'skill.wasm', deadlineMs: DEADLINE_MS },
  );
  const modules: { [name: string]: WebAssembly.Module } = {};
  for (const [name, core] of Object.entries(cores)) modules[name] = await WebAssembly.compile(core);
  return {
    plainGlue: glue,
    leanGlue: makeLean(glue),
    glue: makeStrict(makeLean(glue)),
    attachment: {
      glue: '',
      modules,
      once: [],
      resolved: skill.resolved,
      world: skill.resolved.worlds.indexOf(skill.world),
      imports: [],
      waits: false,
      functions: skill.functions.map((each) => ({
        agent: each.agent,
        interface: each.interface,
        function: each.function,
      })),
    },
  };
}

/**
 * A copy of its own: instances that share one share what the engine has learnt about its code, which makes each of
 * them slower.
 */
export async function importGlue(text: string): Promise<Glue> {
  const folder = mkdtempSync(join(tmpdir(), 'pypes-bench-'));
  const path = join(folder, 'skill.mjs');
  writeFileSync(path, text);
  try {
    return (await import(pathToFileURL(path).href)) as Glue;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
