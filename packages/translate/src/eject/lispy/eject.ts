// A LisPy agent as one module that carries the interpreter of @pypes/lispy.
import { readFileSync } from 'node:fs';
import { PypesError } from '@pypes/contract';
import { LispyError, readAgentFile } from '@pypes/lispy';
import { standalone } from '../javascript/eject.ts';
import { bundle } from './bundle.ts';

const MODULES: readonly (readonly [path: string, ...names: string[]])[] = [
  ['program.ts', 'compileProgram'],
  ['agent/read-agent-file.ts', 'readAgentFile'],
  ['json/convert.ts', 'fromJson', 'toJson'],
  ['values/map.ts', 'LispyMap'],
  ['values/float.ts', 'LispyFloat'],
  ['errors.ts', 'LispyError'],
];

let interpreter: string | undefined;

/** @throws PypesError `agent_broken`, `unsupported` where the metadata are computed */
export function ejectLispy(text: string, filename: string): string {
  const { kind, metadata } = readFile(text, filename);
  if (kind === 'computed') {
    throw new PypesError(
      'unsupported',
      `AGENT of "${filename}" is computed; write it out, so that the ejected file can say it without running the program`,
    );
  }
  const entry = readFileSync(new URL('./entry.mjs', import.meta.url), 'utf8');
  return [
    `// ${String(metadata.name)}: the LisPy program of ${filename} with its interpreter, made by pypes eject.`,
    `export const AGENT = ${JSON.stringify(metadata, null, 2)};`,
    `const FILE = ${JSON.stringify(filename)};`,
    `const SOURCE = ${JSON.stringify(text)};`,
    carry(),
    entry,
    standalone(),
  ].join('\n\n');
}

function carry(): string {
  if (interpreter !== undefined) return interpreter;
  const root = import.meta.resolve('@pypes/lispy');
  const { text, names } = bundle(MODULES.map(([path]) => new URL(path, root)));
  const taken = MODULES.map(([, ...wanted], index) => `const { ${wanted.join(', ')} } = ${names[index]};`).join('\n');
  interpreter = `// The interpreter: @pypes/lispy, Apache-2.0.\n${text}\n${taken}`;
  return interpreter;
}

function readFile(text: string, filename: string) {
  try {
    return readAgentFile(text, { file: filename });
  } catch (error) {
    if (!(error instanceof LispyError)) throw error;
    throw new PypesError('agent_broken', error.message, { cause: error, details: { file: filename } });
  }
}
