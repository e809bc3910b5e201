// How an agent's file is called: its metadata, its run function, and how arguments and results cross (spec 1).
import type { AgentContext, Json, JsonObject, SourceFile } from '@pypes/contract';
import {
  type AgentFile,
  fromJson,
  type Instance,
  LispyMap,
  type Program,
  parametersSchema,
  readAgentFile,
  toJson,
  type Value,
} from '@pypes/lispy';
import { HOST_FUNCTIONS } from './bindings.ts';

/** What a file says about being called. */
export type AgentPlan = {
  readonly metadata: unknown;
  readonly runName: string;
  /** Whether the program names any function of the host: most need none, and then none are made. */
  readonly usesHost: boolean;
  readonly toArguments: (context: AgentContext, args: JsonObject) => Value[];
  readonly toOutput: (output: Json) => Json;
};

/**
 * Reads the plan of a file; the program is run only where its metadata is computed.
 *
 * @throws LispyError
 */
export async function planOf(
  program: Program,
  source: string,
  file: SourceFile,
  timeoutMs: number,
): Promise<AgentPlan> {
  const agent = readAgentFile(source, { file: file.path });
  const metadata = agent.kind === 'literal' ? agent.metadata : await computeMetadata(program, agent, timeoutMs);
  const about = program.reads(agent.runName, 0) ? contextMap : () => null;
  return {
    metadata,
    runName: agent.runName,
    usesHost: HOST_FUNCTIONS.some((name) => program.table.find(name) !== undefined),
    toArguments: agent.takesMap ? mapArguments(about) : keywordArguments(about, agent.runParameters ?? []),
    toOutput: agent.takesMap ? nilIsOk : (output) => output,
  };
}

async function computeMetadata(program: Program, agent: AgentFile, timeout: number): Promise<unknown> {
  const instance = program.instantiate({ timeout });
  await instance.run();
  if (agent.shape === 'clojure') return globalJson(instance, 'AGENT');
  const parameters = globalJson(instance, 'agent-parameters');
  return {
    ...agent.metadata,
    ...(instance.get('agent-name') === undefined ? {} : { name: globalJson(instance, 'agent-name') }),
    ...(instance.get('agent-description') === undefined
      ? {}
      : { description: globalJson(instance, 'agent-description') }),
    ...(parameters === undefined ? {} : { parameters: parametersSchema(parameters) }),
  };
}

function globalJson(instance: Instance, name: string) {
  const value = instance.get(name);
  return value === undefined ? undefined : toJson(value);
}

/** What an agent's run function finds in its first parameter; nil where it never looks. */
type About = (context: AgentContext) => Value;

/** `(defn run [context city max-days] …)`: each parameter gets the argument of its name, with `-` or `_`; else nil. */
function keywordArguments(about: About, parameters: readonly string[]): AgentPlan['toArguments'] {
  return (context, args) => [about(context), ...parameters.map((name) => fromJson(argumentNamed(name, args)))];
}

function argumentNamed(name: string, args: JsonObject): Json {
  if (Object.hasOwn(args, name)) return args[name] as Json;
  const spelled = name.replaceAll('-', '_');
  return Object.hasOwn(args, spelled) ? (args[spelled] as Json) : null;
}

/** `(define (agent-run context kwargs) …)`: all arguments in one map. */
function mapArguments(about: About): AgentPlan['toArguments'] {
  return (context, args) => [about(context), fromJson(args)];
}

function nilIsOk(output: Json): Json {
  return output === null ? { status: 'ok' } : output;
}

/** Who and where, under the names of either notation. */
function contextMap({ userGuid, packGuid, agent, runId }: AgentContext): Value {
  const user = userGuid ?? null;
  return new LispyMap(
    new Map<string, Value>([
      ['user-guid', user],
      ['user_guid', user],
      ['pack-guid', packGuid],
      ['pack_guid', packGuid],
      ['agent', agent],
      ['run-id', runId],
      ['run_id', runId],
    ]),
  );
}
