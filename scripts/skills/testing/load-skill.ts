// A bundled skill for its tests: its folder read and checked as a registry's client does, its component in its runtime.
import { join } from 'node:path';
import { DEFAULT_LIMITS, type Json, type JsonObject, PypesError } from '../../../packages/contract/src/index.ts';
import { readSkill } from '../../../packages/registry/src/index.ts';
import { createComponentRuntime } from '../../../packages/runtimes/src/component/index.ts';
import { createTestContext } from '../../../packages/runtimes/src/testing/context.ts';
import { sourceFile } from '../../../packages/runtimes/src/testing/source-file.ts';
import { createAjvCompiler } from '../../../packages/schemas/src/ajv/index.ts';
import { SKILLS } from '../build.ts';

const runtime = createComponentRuntime();
const schemas = createAjvCompiler();

/** Ends the threads of all skills. */
export const closeSkills = () => runtime.close();

/** A call of one of its functions by its agent's name; what comes back has been checked against its schema. */
export async function loadSkill(name: string) {
  const { manifest, files } = await readSkill(join(SKILLS, name));
  const component = files.get('component.wasm') ?? new Uint8Array();
  const sibling = async (filename: string) => files.get(filename);
  const agents = await runtime.load(sourceFile('component.wasm', component, { sibling }), {
    ...DEFAULT_LIMITS,
    guestBytes: (manifest.limits.memory_mb ?? 0) * 1024 * 1024,
    cpuMs: manifest.limits.cpu_ms ?? 0,
  });
  const call = async (agent: string, args: JsonObject, userGuid = 'ann'): Promise<Json> => {
    const found = agents.find(({ metadata }) => metadata.name === agent);
    if (found === undefined) throw new Error(`"${name}" has no "${agent}"`);
    const output = await found.run(createTestContext({ agent, userGuid }), args);
    const violations = schemas.compile(found.metadata.returns ?? {})(output);
    if (violations.length > 0)
      throw new Error(`${agent} gave ${JSON.stringify(output)}: ${JSON.stringify(violations)}`);
    return output;
  };
  /** What a call fails with: its code, and the error of the function where it gives one. */
  const failureOf = async (agent: string, args: JsonObject, userGuid?: string): Promise<Json | undefined> => {
    try {
      return { answered: await call(agent, args, userGuid) };
    } catch (error) {
      if (!(error instanceof PypesError)) throw error;
      return error.details?.payload ?? error.code;
    }
  };
  return { manifest, agents, call, failureOf };
}
