// A component inside a thread: an instance for each user, with nothing in its reach but what is imported for it.
import { createEngines, type Engine } from '../../threads/guest/engines.ts';
import type { GuestLanguage, GuestTools, Invocation } from '../../threads/guest/language.ts';
import { readArguments } from '../../threads/guest/language.ts';
import type { ComponentAttachment } from '../attachment.ts';
import { toFailure } from './failure.ts';
import { importGlue } from './glue.ts';
import { createInstance, type Glue, type Instance } from './instance.ts';

export const language: GuestLanguage = {
  toFailure,
  async load(source, tools) {
    const skill = source.attachment as ComponentAttachment;
    const glue = (await importGlue(skill.glue)) as Glue;
    const create = () => createInstance(glue, skill, source);
    const instances = createEngines<Engine & Instance>(create);
    return {
      agentText: '',
      run: skill.waits ? inTurn(instances, tools) : (invocation) => call(instances, invocation, tools),
    };
  },
};

type Instances = ReturnType<typeof createEngines<Engine & Instance>>;

function call(instances: Instances, invocation: Invocation, tools: GuestTools): unknown {
  const args = readArguments(invocation.args);
  const run = (instance: Instance) => instance.call(invocation, tools, args);
  return instances.run(invocation.owner, run);
}

/** One call of a user after another: a component is entered once at a time, and a resource lives in one instance. */
function inTurn(instances: Instances, tools: GuestTools): (invocation: Invocation) => unknown {
  const last = new Map<string, Promise<unknown>>();
  return (invocation) => {
    const user = invocation.owner;
    const before = last.get(user);
    const run = () => call(instances, invocation, tools);
    const running = before === undefined ? Promise.resolve().then(run) : before.then(run, run);
    last.set(user, running);
    const clear = () => {
      if (last.get(user) === running) last.delete(user);
    };
    running.then(clear, clear);
    return running;
  };
}
