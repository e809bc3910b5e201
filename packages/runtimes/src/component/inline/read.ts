// A file for isolates: read without running it; transpiled, bounded and metered before its first call.
import { MOST_JSON_DEPTH, PypesError, type SourceFile } from '@pypes/contract';
import type { FileText } from '../../threads/file-text.ts';
import { readCoreModule } from '../core/read/core-module.ts';
import { isCoreModule } from '../core/read/module.ts';
import { meterModules } from '../fuel/index.ts';
import { boundModules } from '../memory.ts';
import { type ComponentFile, factsOf, readComponentFile } from '../read/agents.ts';
import { makeLean } from '../transpile/lean.ts';
import { makeStrict } from '../transpile/strict.ts';
import { describeRefusal, type Transpiled, type TranspileOptions } from '../transpile/tool.ts';
import { toIsolateGlue } from './glue.ts';
import type { IsolateProgram, ProgramFacts } from './isolate.ts';
import { deferStart } from './start.ts';

/** @throws whatever the tool does */
export type Transpile = (bytes: Uint8Array, options: TranspileOptions) => Promise<Transpiled>;

/** Bounds of every isolate. */
export type IsolateBounds = {
  readonly guestBytes: number;
  /** Fuel of one call. */
  readonly fuel: number;
};

/** All but what is bound to the host of the file. */
export type PreparedProgram = Omit<IsolateProgram, 'facts'> & { readonly facts: Omit<ProgramFacts, 'source'> };

/** @throws PypesError `agent_broken` */
export async function readForIsolate(file: SourceFile, bounds: IsolateBounds, transpile: Transpile): Promise<FileText> {
  if (isCoreModule(file.bytes)) return readCore(file, bounds);
  const read = await readComponentFile(file);
  return {
    url: file.path,
    code: '',
    agent: read.agents,
    imports: read.needs,
    isPinned: read.isPinned,
    prepare: () => prepare(file, read, bounds, transpile),
  };
}

function readCore({ bytes, path }: SourceFile, { guestBytes, fuel }: IsolateBounds): FileText {
  const { metadata, waits, starts, resets } = readCoreModule(bytes, path, guestBytes);
  const skill = { kind: 'core', waits, starts, resets, mostDepth: MOST_JSON_DEPTH } as const;
  return {
    url: path,
    code: '',
    agent: [metadata],
    prepare: async () => toProgram('', { module: bytes }, fuel, { guestBytes, path }, () => skill),
  };
}

async function prepare(
  { bytes, path }: SourceFile,
  read: ComponentFile,
  { guestBytes, fuel }: IsolateBounds,
  transpile: Transpile,
): Promise<PreparedProgram> {
  const transpiled = await transpile(bytes, read.options).catch((error: unknown) => {
    const message = `The component cannot be transpiled: ${describeRefusal(error)}`;
    throw new PypesError('agent_broken', message, { details: { file: path }, cause: error });
  });
  const { glue, modules } = toIsolateGlue({ ...transpiled, glue: makeStrict(makeLean(transpiled.glue)) });
  return toProgram(glue, modules, fuel, { guestBytes, path }, (once) => ({
    kind: 'component',
    ...factsOf(read),
    once,
  }));
}

function toProgram(
  glue: string,
  modules: { readonly [name: string]: Uint8Array },
  fuel: number,
  { guestBytes, path }: { readonly guestBytes: number; readonly path: string },
  toSkill: (once: readonly string[]) => ProgramFacts['skill'],
): PreparedProgram {
  const bounded = boundModules(modules, guestBytes, path);
  const sizes = Object.fromEntries(Object.entries(modules).map(([name, { length }]) => [name, length]));
  const metered = Object.entries(meterModules(bounded.modules, path));
  return {
    glue,
    modules: Object.fromEntries(metered.map(([name, module]) => [name, deferStart(module, path)])),
    facts: { skill: toSkill(bounded.once), fuel, sizes },
  };
}
