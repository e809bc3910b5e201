// A component inside an isolate of its own: an instance for each user, and for each call a way to the host.
import { createEngineStore } from '../../../inline/engines.ts';
import { toBoundedOutput } from '../../../threads/guest/bounded-output.ts';
import type { Glue } from '../../guest/instance.ts';
import type { IsolateAnswer, IsolateCall, ProgramFacts, TellHost } from '../isolate.ts';
import { openCall } from './call.ts';
import { runComponent } from './component.ts';
import { runCoreModule } from './core-module.ts';
import type { Modules, Program } from './program.ts';

/** Instances that wait for their users; each may be as large as a guest may. */
const MOST_INSTANCES = 4;

/** What the isolate answers with. `modules` are compiled already, by the names that the glue has for them. */
export function createGuest(glue: Glue, modules: Modules, facts: ProgramFacts) {
  const { skill, source } = facts;
  const createInstances = createEngineStore(MOST_INSTANCES);
  const program: Program =
    skill.kind === 'core'
      ? runCoreModule(skill, modules, facts, createInstances)
      : runComponent(glue, skill, modules, facts, createInstances);

  return {
    async call({ args, ...call }: IsolateCall, tell: TellHost): Promise<IsolateAnswer> {
      const { invocation, tools, close } = openCall(call, args, source, tell);
      try {
        return { text: toBoundedOutput(await program.run(invocation, tools), source.outputBytes) };
      } catch (error) {
        return { failure: program.toFailure(error, source) };
      } finally {
        await close();
      }
    },
  };
}
