// A component file as agents: what it exports, imports and needs, from its own bytes and the `.wit` beside it. Nothing
// of it runs for that.
import { type AgentMetadata, type ImportNeed, PypesError, type SourceFile } from '@pypes/contract';
import type { ComponentAttachment } from '../attachment.ts';
import { checkImports, type Import, needsOf, waitingOf } from '../imports.ts';
import type { TranspileOptions } from '../transpile/tool.ts';
import { toMetadata } from './metadata.ts';
import { readShippedWit } from './shipped-wit.ts';
import { type ComponentSkill, readComponent } from './skill.ts';

export type ComponentFile = {
  readonly skill: ComponentSkill;
  readonly imports: readonly Import[];
  readonly agents: readonly AgentMetadata[];
  readonly needs: readonly ImportNeed[];
  /** All calls of a user have to meet in one place: it has resources. */
  readonly isPinned: boolean;
  readonly options: TranspileOptions;
};

/** @throws PypesError `agent_broken` */
export async function readComponentFile(file: SourceFile): Promise<ComponentFile> {
  const skill = readComponent(file.bytes, file.path);
  if (skill.functions.length === 0) {
    throw new PypesError('agent_broken', 'The component exports no function', { details: { file: file.path } });
  }
  const imports = checkImports(skill, file.path);
  const docs = await readShippedWit(file, skill);
  return {
    skill,
    imports,
    agents: skill.functions.map((each) => toMetadata(skill.resolved, each, docs(each), file.path)),
    needs: needsOf(skill, imports),
    isPinned: hasResources(skill),
    options: { imports: imports.map(({ name }) => name), waiting: waitingOf(skill, imports) },
  };
}

function hasResources({ functions }: ComponentSkill): boolean {
  return functions.some(({ function: called }) => called.name.startsWith('['));
}

/** What whoever runs the component has to know of it besides its code. */
export type ComponentFacts = Omit<ComponentAttachment, 'glue' | 'modules' | 'once'>;

export function factsOf({ skill, imports, options }: ComponentFile): ComponentFacts {
  return {
    resolved: skill.resolved,
    world: skill.resolved.worlds.indexOf(skill.world),
    imports,
    waits: options.waiting !== undefined,
    functions: skill.functions.map((each) => ({
      agent: each.agent,
      interface: each.interface,
      function: each.function,
    })),
  };
}
