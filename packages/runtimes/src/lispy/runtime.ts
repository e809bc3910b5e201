// The LisPy runtime: a file is compiled once, and every call gets globals of its own (spec 1, spec 3).
import {
  type AgentContext,
  fitsJsonSize,
  type Json,
  type JsonObject,
  type Limits,
  type LoadedAgent,
  PypesError,
  parseAgentMetadata,
  type Runtime,
  type SourceFile,
} from '@pypes/contract';
import {
  compileProgram,
  type Instance,
  type InstanceOptions,
  type LispyLimits,
  type Program,
  toJson,
  type Value,
} from '@pypes/lispy';
import { toAbortError } from '../abort.ts';
import { bindingsOf } from './bindings.ts';
import { toAgentBroken, toCallError } from './errors.ts';
import { type AgentPlan, planOf } from './plan.ts';

/** A runtime for `.lispy` and `.lisp` files. It needs no platform: calls run on the host's own thread, in slices. */
export function createLispyRuntime(): Runtime {
  return {
    name: 'lispy',
    extensions: ['.lispy', '.lisp'],
    capabilities: { sandboxed: true, interruptible: true, context: true },
    async load(file, limits) {
      const source = decode(file);
      try {
        const program = compileProgram(source, { file: file.path });
        const plan = await planOf(program, source, file, limits.callMs);
        return [createAgent(program, plan, limits)];
      } catch (error) {
        throw toAgentBroken(error, file.path);
      }
    },
    close: async () => undefined,
  };
}

function decode(file: SourceFile): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(file.bytes);
  } catch {
    throw new PypesError('agent_broken', 'The file is no UTF-8 text', { details: { file: file.path } });
  }
}

function createAgent(program: Program, plan: AgentPlan, limits: Limits): LoadedAgent {
  const mostBytes = limits.outputBytes;
  const bounds: Bounds = { cpu: limits.cpuMs, limits: { memory: limits.guestBytes } };
  return {
    metadata: parseAgentMetadata(plan.metadata),
    run(context, args) {
      if (context.stopped) return Promise.reject(toAbortError(context.signal));
      try {
        const output = runCall(program, plan, bounds, context, args);
        if (!(output instanceof Promise)) return Promise.resolve(checkSize(output, mostBytes));
        return output
          .then((value) => checkSize(value, mostBytes))
          .catch((error: unknown) => {
            throw toCallError(error, limits);
          });
      } catch (error) {
        return Promise.reject(toCallError(error, limits));
      }
    },
    close: async () => undefined,
  };
}

function checkSize(output: Json, mostBytes: number): Json {
  if (fitsJsonSize(output, mostBytes)) return output;
  throw new PypesError('output_too_large', `The output has more than ${mostBytes} bytes`, {
    details: { limit: 'output_bytes', maximum: mostBytes },
  });
}

/** What every call of an agent may use. */
type Bounds = { readonly cpu: number; readonly limits: Partial<LispyLimits> };

/** Evaluates the file and calls its run function; at once where neither waits nor takes long. */
function runCall(
  program: Program,
  plan: AgentPlan,
  bounds: Bounds,
  context: AgentContext,
  args: JsonObject,
): Json | Promise<Json> {
  let printed: ReturnType<typeof createLinePrinter> | undefined;
  const options: { -readonly [K in keyof InstanceOptions]: InstanceOptions[K] } = {
    signal: () => context.signal,
    cpu: bounds.cpu,
    limits: bounds.limits,
    onOutput(text) {
      printed ??= createLinePrinter(context);
      printed.write(text);
    },
  };
  if (plan.usesHost) options.bindings = bindingsOf(context, program.profile !== undefined);
  const instance = program.instantiate(options);
  const loaded = instance.load();
  const result =
    loaded instanceof Promise
      ? loaded.then(() => start(instance, plan, context, args))
      : start(instance, plan, context, args);
  if (result instanceof Promise) return result.then(finish);
  return finish(result);

  function finish(value: Value): Json {
    printed?.end();
    return plan.toOutput(toJson(value) as Json);
  }
}

function start(instance: Instance, plan: AgentPlan, context: AgentContext, args: JsonObject): Value | Promise<Value> {
  const run = instance.get(plan.runName);
  if (run === undefined) throw new PypesError('handler_failed', `The file has no function "${plan.runName}" any more`);
  return instance.call(run, plan.toArguments(context, args));
}

/** What a program prints becomes log lines. */
function createLinePrinter(context: AgentContext) {
  let line = '';
  return {
    write(text: string): void {
      const parts = (line + text).split('\n');
      line = parts.pop() ?? '';
      for (const part of parts) context.log('info', part);
    },
    end(): void {
      if (line !== '') context.log('info', line);
    },
  };
}
