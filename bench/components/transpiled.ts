// A component made ready as the runtime makes it ready for its threads, to be called in this thread.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { DEFAULT_LIMITS } from '@pypes/contract';
import type { ComponentAttachment } from '../../packages/runtimes/src/component/attachment.ts';
import type { Glue } from '../../packages/runtimes/src/component/guest/instance.ts';
import { boundModule } from '../../packages/runtimes/src/component/memory.ts';
import { readComponent } from '../../packages/runtimes/src/component/read/skill.ts';
import { transpile } from '../../packages/runtimes/src/component/transpile/transpile.ts';

/** The glue of a component without imports, and what an instance of it needs. */
export type TranspiledSkill = { readonly glue: Glue; readonly attachment: ComponentAttachment };

const DEADLINE_MS = 60_000;

export async function transpileSkill(bytes: Uint8Array): Promise<TranspiledSkill> {
  const skill = readComponent(bytes, 'skill.wasm');
  const { glue: text, modules: cores } = await transpile(
    bytes,
    { imports: [], waiting: undefined },
    { path: 'skill.wasm', deadlineMs: DEADLINE_MS },
  );
  const modules: { [name: string]: WebAssembly.Module } = {};
  for (const [name, core] of Object.entries(cores)) {
    modules[name] = await WebAssembly.compile(boundModule(core, DEFAULT_LIMITS.guestBytes, name));
  }
  const folder = mkdtempSync(join(tmpdir(), 'pypes-bench-'));
  const path = join(folder, 'skill.mjs');
  writeFileSync(path, text);
  const url = pathToFileURL(path).href;
  const glue = (await import(url)) as Glue;
  rmSync(folder, { recursive: true, force: true });
  return {
    glue,
    attachment: {
      glue: url,
      modules,
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
