// A core module in an isolate: an instance for each call, or, where the module can be reset, for each user.
import type { CreateInlineEngines } from '../../../inline/engines.ts';
import type { CoreAttachment } from '../../core/attachment.ts';
import { toFailure } from '../../core/guest/failure.ts';
import { type CoreInstance, createInstance } from '../../core/guest/instance.ts';
import type { CoreProgram, ProgramFacts } from '../isolate.ts';
import { type Modules, type Program, withMeter } from './program.ts';

export function runCoreModule(
  skill: CoreProgram,
  modules: Modules,
  facts: ProgramFacts,
  createInstances: CreateInlineEngines,
): Program {
  const attachment: CoreAttachment = { ...skill, module: modules.module as WebAssembly.Module };
  const create = () => withMeter(modules, facts, (meter) => createInstance(attachment, facts.source, meter));
  const instances = createInstances<CoreInstance>(create);
  return {
    toFailure,
    run: (invocation, tools) =>
      skill.resets
        ? instances.run(invocation.owner, (instance) => instance.call(invocation, tools))
        : create().call(invocation, tools),
  };
}
