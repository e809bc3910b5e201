// WebAssembly components: what guarding a call costs, against Extism, the first call, memory.
import { measureExtism } from './components/extism.ts';
import { measureGuard } from './components/guard.ts';
import { measureInstall } from './components/install.ts';
import { buildSkill } from './components/skill.ts';
import { transpileSkill } from './components/transpiled.ts';
import type { Row } from './rows.ts';

/** Rows for calls in one thread, calls through threads, and loading. */
export async function measureComponents(): Promise<readonly Row[]> {
  const bytes = await buildSkill();
  const skill = await transpileSkill(bytes);
  return [...(await measureGuard(skill)), ...(await measureExtism(bytes, skill)), ...(await measureInstall(skill))];
}
