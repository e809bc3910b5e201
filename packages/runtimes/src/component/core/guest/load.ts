// A core module inside a thread: an instance for each call, or, where the module can be reset, for each user.
import { createEngines } from '../../../threads/guest/engines.ts';
import type { GuestLanguage, GuestTools, LoadedGuest } from '../../../threads/guest/language.ts';
import type { CoreAttachment } from '../attachment.ts';
import { toFailure } from './failure.ts';
import { type CoreInstance, createInstance } from './instance.ts';

export const language: GuestLanguage = {
  toFailure,
  async load(source, tools) {
    const skill = source.attachment as CoreAttachment;
    const create = () => createInstance(skill, source);
    return { agentText: '', run: skill.resets ? perUser(create, tools) : perCall(create, skill, tools) };
  },
};

type Run = LoadedGuest['run'];

function perUser(create: () => CoreInstance, tools: GuestTools): Run {
  const instances = createEngines<CoreInstance>(create);
  return (invocation) => instances.run(invocation.owner, (instance) => instance.call(invocation, tools));
}

/** No call finds what another one left. The next instance is made ahead, out of the way of the answer. */
function perCall(create: () => CoreInstance, { starts }: CoreAttachment, tools: GuestTools): Run {
  let spare: CoreInstance | undefined;
  let isMaking = starts;

  function makeSpare(): void {
    isMaking = false;
    const next = create();
    try {
      next.prepare();
      spare ??= next;
    } catch {
      // The next call makes its own, and is told why that fails.
    }
  }

  return (invocation) => {
    const instance = spare ?? create();
    spare = undefined;
    // The host hears of the answer in the first turn, the instance is made in the second.
    if (!isMaking) setImmediate(setImmediate, makeSpare);
    isMaking = true;
    return instance.call(invocation, tools);
  };
}
