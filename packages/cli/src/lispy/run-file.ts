// Runs a LisPy program and prints its value, for people or as canonical JSON.
import { readFile } from 'node:fs/promises';
import { PypesError } from '@pypes/contract';
import { compileProgram, LispyError, printValue, toCanonical } from '@pypes/lispy';
import { EXIT } from '../exit.ts';
import { readStandardInput } from '../input.ts';
import { style } from '../style.ts';
import { toStandardOutput } from '../terminal.ts';
import { compileOptions, type LispyOptions, limitOptions } from './options.ts';

/** Runs a file, or standard input where it is `-`. */
export async function runFile(file: string, options: LispyOptions): Promise<void> {
  const source = file === '-' ? await readStandardInput() : await readSource(file);
  const name = file === '-' ? '<stdin>' : file;
  let stdout = '';
  const onOutput = (text: string) => {
    stdout += text;
    if (options.json !== true) toStandardOutput(text);
  };
  try {
    const program = compileProgram(source, { file: name, ...compileOptions(options) });
    const value = await program.instantiate({ onOutput, ...limitOptions(options) }).run();
    if (options.json === true) console.log(JSON.stringify({ value: toCanonical(value), stdout, error: null }));
    else if (value !== null) console.log(printValue(value));
  } catch (error) {
    if (!(error instanceof LispyError)) throw error;
    process.exitCode = EXIT.runtime;
    if (options.json === true) console.log(JSON.stringify({ value: null, stdout, error: error.toJSON() }));
    else console.error(`${style('red', 'Error')} ${error.message}`);
  }
}

async function readSource(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new PypesError(
      'invalid_request',
      `The file "${file}" cannot be read: ${error instanceof Error ? error.message : error}`,
    );
  }
}
