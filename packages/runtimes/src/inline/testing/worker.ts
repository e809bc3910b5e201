// A Worker with the languages of the edge in it, for tests: one call in each request, no network, no bindings.
import { DEFAULT_LIMITS, isPypesError, type Json, type JsonObject, type Limits, type Runtime } from '@pypes/contract';
import { createInlineJavascript, type InlineJavascriptModules } from '../../javascript/inline/index.ts';
import { createInlineLua } from '../../lua/inline/index.ts';
import { createTestContext } from '../../testing/context.ts';

/** What a test sends. */
export type WorkerCall = {
  readonly filename: string;
  readonly source: string;
  readonly args?: JsonObject;
  readonly limits?: Partial<Limits>;
  readonly user?: string;
};

/** What it gets. Milliseconds as the Worker's own clock tells them. */
export type WorkerReply = {
  readonly output?: Json;
  readonly code?: string;
  readonly message?: string;
  readonly details?: JsonObject;
  readonly logs: readonly string[];
  readonly took: number;
};

export function createTestWorker(modules: InlineJavascriptModules) {
  const runtimes: readonly Runtime[] = [createInlineJavascript(modules), createInlineLua()];

  async function answer(request: Request): Promise<Response> {
    if (request.method === 'GET') return Response.json(surroundings());
    const { filename, source, args = {}, limits = {}, user } = (await request.json()) as WorkerCall;
    const runtime = runtimes.find(({ extensions }) => extensions.some((extension) => filename.endsWith(extension)));
    const context = createTestContext(user === undefined ? {} : { userGuid: user });
    const began = performance.now();
    const reply = (rest: Omit<WorkerReply, 'logs' | 'took'>) =>
      Response.json({ ...rest, logs: context.logs.map(({ message }) => message), took: performance.now() - began });
    try {
      const file = { filename, path: filename, bytes: new TextEncoder().encode(source), digest: source, packGuid: 'p' };
      const [agent] = (await runtime?.load(file, { ...DEFAULT_LIMITS, ...limits })) ?? [];
      const output = await agent?.run(context, args);
      await agent?.close();
      return reply({ output: output ?? null });
    } catch (error) {
      if (!isPypesError(error)) return reply({ code: 'not ours', message: String(error) });
      return reply({ code: error.code, message: error.message, details: (error.details ?? {}) as JsonObject });
    }
  }

  return { fetch: answer };
}

/** What this place has, and whether its clock moves while it computes. */
function surroundings(): JsonObject {
  const began = performance.now();
  let sum = 0;
  for (let n = 0; n < 20_000_000; n++) sum += n % 7;
  let generates = 'yes';
  try {
    new Function(`return ${sum}`)();
  } catch (error) {
    generates = String(error);
  }
  const global = globalThis as { readonly process?: unknown; readonly Worker?: unknown };
  return {
    clock: performance.now() - began,
    generates,
    process: typeof global.process,
    Worker: typeof global.Worker,
  };
}
