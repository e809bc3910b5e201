// Short ways through a pair, for tests: a file loaded, an agent called, a failure's code.
import { DEFAULT_LIMITS, type JsonObject, type Limits, type LoadedAgent, type Runtime } from '@pypes/contract';
import { createTestContext, type TestContextOptions } from '../../../../../runtimes/src/testing/context.ts';
import { sourceFile } from '../../../../../runtimes/src/testing/source-file.ts';

export async function loadOne(
  runtime: Runtime | undefined,
  filename: string,
  text: string | Uint8Array,
  limits: Partial<Limits> = {},
): Promise<LoadedAgent> {
  if (runtime === undefined) throw new Error('There is no runtime');
  const [agent] = await runtime.load(sourceFile(filename, text), { ...DEFAULT_LIMITS, ...limits });
  if (agent === undefined) throw new Error('The file has no agent');
  return agent;
}

export async function callOne(agent: LoadedAgent, args: JsonObject = {}, options: TestContextOptions = {}) {
  const context = createTestContext({ agent: agent.metadata.name, ...options });
  return { output: await agent.run(context, args), context };
}

/** What a promise fails with: its code and its message. */
export const failureOf = (promise: Promise<unknown>) =>
  promise.then(
    (value) => ({ code: 'none', message: JSON.stringify(value) }),
    (error: { code?: string; message: string; details?: JsonObject }) => ({
      code: error.code ?? error,
      message: error.message,
      details: error.details,
    }),
  );
