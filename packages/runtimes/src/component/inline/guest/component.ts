// A component in an isolate: each user has instances of its own.
import type { CreateInlineEngines } from '../../../inline/engines.ts';
import type { Engine } from '../../../threads/guest/engines.ts';
import { readArguments } from '../../../threads/guest/language.ts';
import type { ComponentAttachment } from '../../attachment.ts';
import { toFailure } from '../../guest/failure.ts';
import { createInstance, type Glue, type Instance } from '../../guest/instance.ts';
import type { ComponentProgram, ProgramFacts } from '../isolate.ts';
import { type Modules, type Program, withMeter } from './program.ts';

export function runComponent(
  glue: Glue,
  skill: ComponentProgram,
  modules: Modules,
  facts: ProgramFacts,
  createInstances: CreateInlineEngines,
): Program {
  const attachment: ComponentAttachment = { ...skill, glue: '', modules };
  const instances = createInstances<Engine & Instance>(() =>
    withMeter(modules, facts, (meter) => createInstance(glue, attachment, facts.source, meter)),
  );
  return {
    toFailure,
    run(invocation, tools) {
      const args = readArguments(invocation.args);
      return instances.run(invocation.owner, (instance) => instance.call(invocation, tools, args));
    },
  };
}
