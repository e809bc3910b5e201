// What a person is shown of a skill before a yes: what it can do, what it asks for, and what that means.
import { type Permissions, PypesError } from '@pypes/contract';
import {
  COMPONENT_FILE,
  type FlowLabels,
  INTERFACE_FILE,
  type Skill,
  toNameText,
  type Verified,
} from '@pypes/registry';
import { checkWit, isCoreModule, readComponent } from '@pypes/runtimes/component';

/** A skill in a few lines. */
export type SkillReport = {
  /** `name@version`, or the digest of a bare component. */
  readonly title: string;
  readonly name?: string;
  readonly version?: string;
  readonly description: string;
  readonly digest: string;
  readonly signers: readonly string[];
  readonly asked: Partial<Permissions>;
  readonly labels: { readonly [exportName: string]: FlowLabels };
  /** Names of the agents of a component. */
  readonly functions: readonly string[];
  /** What a component imports, by name. */
  readonly imports: readonly string[];
};

/** @throws PypesError `agent_broken` where a component is not what its `.wit` says, or is no component */
export function inspectSkill({ content, digest, signers }: Verified): SkillReport {
  if (content.kind === 'component') {
    const { functions, imports } = readComponent(content.bytes, 'component.wasm');
    return {
      title: digest,
      description: 'A component without a manifest: it asks for nothing and is granted nothing',
      digest,
      signers,
      asked: {},
      labels: {},
      functions: functions.map(({ agent }) => agent),
      imports: imports.map(({ name }) => name),
    };
  }
  const { manifest, files } = content.skill;
  const component = checkComponent(content.skill);
  const name = toNameText(manifest.package);
  return {
    title: `${name}@${manifest.package.version}`,
    name,
    version: manifest.package.version,
    description: manifest.package.description,
    digest,
    signers,
    asked: manifest.permissions,
    labels: manifest.labels,
    functions:
      component?.functions.map(({ agent }) => agent) ?? [...files.keys()].filter((path) => !path.endsWith('.toml')),
    imports: component?.imports.map((each) => each.name) ?? [],
  };
}

/** The component of a skill, checked against its `.wit`. */
function checkComponent({ manifest, files }: Skill) {
  const bytes = files.get(COMPONENT_FILE);
  if (bytes === undefined) return undefined;
  if (isCoreModule(bytes)) {
    const message = `${COMPONENT_FILE} is a WebAssembly module and no component; give it another name, and the skill takes it as an agent file`;
    throw new PypesError('agent_broken', message);
  }
  const component = readComponent(bytes, COMPONENT_FILE);
  const wit = files.get(INTERFACE_FILE);
  if (wit !== undefined) checkWit(new TextDecoder().decode(wit), component, COMPONENT_FILE, manifest.world);
  return component;
}

/**
 * What a component exports and imports, for those who only look; undefined for a skill in another language.
 *
 * @throws PypesError `agent_broken` where the component is not what its `.wit` says
 */
export function inspectFiles(
  skill: Skill,
): { readonly exports: readonly string[]; readonly imports: readonly string[] } | undefined {
  const component = checkComponent(skill);
  if (component === undefined) return undefined;
  const exports = component.functions.map((each) => each.interface ?? each.path);
  return { exports: [...new Set(exports)], imports: component.imports.map(({ name }) => name) };
}
