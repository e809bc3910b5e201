// Runs a LisPy agent many times, each call with globals of its own, as Pypes runs it.

import type { Json, JsonObject } from '@pypes/contract';
import { compileProgram, fromJson, LispyMap, readAgentFile, toJson, type Value } from '@pypes/lispy';
import { failed, type Job, type Outcome, type RunJobs } from './outcome.ts';

/** In this process: LisPy is safe by construction. */
export const runLispy: RunJobs = async (jobs) => {
  const outcomes: Outcome[][] = [];
  for (const job of jobs) outcomes.push(await runOne(job));
  return outcomes;
};

async function runOne({ text, calls }: Job): Promise<Outcome[]> {
  const file = 'agent.lispy';
  const program = compileProgram(text, { file });
  const agent = readAgentFile(text, { file });
  const outcomes: Outcome[] = [];
  for (const args of calls) {
    try {
      const instance = program.instantiate();
      await instance.run();
      const values = agent.takesMap
        ? [fromJson(args)]
        : (agent.runParameters ?? []).map((name) => fromJson(argumentOf(name, args)));
      const result = await instance.call(instance.get(agent.runName) as never, [
        new LispyMap(new Map()) as Value,
        ...values,
      ]);
      const output = toJson(result) as Json;
      outcomes.push({ kind: 'value', value: agent.takesMap && output === null ? { status: 'ok' } : output });
    } catch (error) {
      outcomes.push(failed(error instanceof Error ? error.message : String(error)));
    }
  }
  return outcomes;
}

function argumentOf(name: string, args: JsonObject): Json {
  if (Object.hasOwn(args, name)) return args[name] as Json;
  return (args[name.replaceAll('-', '_')] as Json | undefined) ?? null;
}
