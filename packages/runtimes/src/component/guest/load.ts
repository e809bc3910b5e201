// A component inside a thread: an instance for each user, with nothing in its reach but what is imported for it.
import { createEngines, type Engine } from '../../threads/guest/engines.ts';
import type { GuestLanguage, GuestTools, Invocation } from '../../threads/guest/language.ts';
import { readArguments } from '../../threads/guest/language.ts';
import type { ComponentAttachment } from '../attachment.ts';
import { toFailure } from './failure.ts';
import { importGlue } from './glue.ts';
import { inTurn } from './in-turn.ts';
import { createInstance, type Glue, type Instance } from './instance.ts';

export const language: GuestLanguage = {
  toFailure,
  async load(source, tools) {
    const skill = source.attachment as ComponentAttachment;
    const glue = (await importGlue(skill.glue)) as Glue;
    const create = () => createInstance(glue, skill, source);
    const instances = createEngines<Engine & Instance>(create);
    const run = (invocation: Invocation) => call(instances, invocation, tools);
    return {
      agentText: '',
      run: skill.waits ? inTurn(run) : run,
    };
  },
};

type Instances = ReturnType<typeof createEngines<Engine & Instance>>;

function call(instances: Instances, invocation: Invocation, tools: GuestTools): unknown {
  const args = readArguments(invocation.args);
  const run = (instance: Instance) => instance.call(invocation, tools, args);
  return instances.run(invocation.owner, run);
}
