// The world that a core module was compiled for: language tools leave it in custom sections, from which a component is
// made later.

import type { ResolvedWit, WorldId } from '../resolved.ts';
import { insideOf } from './decode-package.ts';
import { addDocs } from './docs/add-docs.ts';
import { BinaryError, quoted } from './errors.ts';
import { type Externs, evaluateBytes } from './evaluate/evaluate.ts';
import { checkInterfaceName, type InterfaceName } from './names.ts';
import { type CustomSection, customSections, layerOf } from './read/sections.ts';
import { addWorld, type Builder, createBuilder, packageNamed } from './resolve/builder.ts';
import { type DraftWorld, toResolved } from './resolve/drafts.ts';
import { fillWorld } from './resolve/worlds.ts';

const PREFIX = 'component-type';

/**
 * The world in the `component-type` sections of a core module. Libraries linked into one module leave a section each;
 * their worlds become one, under the name of the first.
 *
 * @throws BinaryError for bytes that are no core module, or one without such a section
 */
export const decodeEmbeddedWorld = (bytes: Uint8Array): { resolved: ResolvedWit; world: WorldId } => {
  const sections = customSections(bytes, 'core-module').filter(({ name }) => name.startsWith(PREFIX));
  if (sections.length === 0) throw new BinaryError(`Expected a custom section ${quoted(PREFIX)}`, bytes.length);
  const builder = createBuilder({ steps: 0 });
  let world: DraftWorld | undefined;
  for (const section of sections) world = addSection(builder, world, bytes, section);
  return { resolved: toResolved(builder), world: world?.id ?? 0 };
};

const addSection = (
  builder: Builder,
  known: DraftWorld | undefined,
  bytes: Uint8Array,
  section: CustomSection,
): DraftWorld => {
  const start = componentIn(bytes, section);
  const { name, externs, steps } = offsetBy(start, () => readWorld(bytes.subarray(start, section.end)));
  builder.budget.steps += steps;
  return offsetBy(start, () => {
    const home = packageNamed(builder, name.package);
    const world = known ?? addWorld(builder, name.interface, home, 0);
    fillWorld(builder, world, home, externs);
    addDocs(builder, home, bytes.subarray(start, section.end));
    return world;
  });
};

/** Where the component in a section begins; tools of 2023 have a version and an encoding in front of it. */
const componentIn = (bytes: Uint8Array, { start, end }: CustomSection): number =>
  layerOf(bytes, start, end) === undefined && layerOf(bytes, start + 2, end) === 'component' ? start + 2 : start;

type ReadWorld = { readonly name: InterfaceName; readonly externs: Externs; readonly steps: number };

const readWorld = (bytes: Uint8Array): ReadWorld => {
  const { evaluation, externs } = evaluateBytes(bytes);
  const [outer, more] = externs.exports.values();
  if (outer === undefined || more !== undefined) throw new BinaryError('Expected one exported type of a world', 0);
  const [[text, inner] = [], other] = insideOf(evaluation, outer).exports;
  if (text === undefined || inner === undefined || other !== undefined) {
    throw new BinaryError('Expected one world in the type', outer.entity.at);
  }
  const name = checkInterfaceName(text, inner.entity.at);
  return { name, externs: insideOf(evaluation, inner), steps: evaluation.budget.steps };
};

/** Errors of what lies inside a section, with offsets of the file. */
const offsetBy = <T>(start: number, run: () => T): T => {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof BinaryError)) throw error;
    throw new BinaryError(error.message.replace(/ \(byte \d+\)$/, ''), error.offset + start);
  }
};
