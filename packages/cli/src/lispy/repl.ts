// The REPL: reads until the brackets are closed, evaluates, prints.
import { createInterface } from 'node:readline/promises';
import { createRepl, isIncomplete, LispyError, printValue } from '@pypes/lispy';
import { style } from '../style.ts';
import { toStandardOutput } from '../terminal.ts';
import { compileOptions, type LispyOptions, limitOptions } from './options.ts';

/** Talks until the input ends; an error ends the line, not the session. */
export async function repl(options: LispyOptions): Promise<void> {
  const instance = createRepl({
    onOutput: (text) => toStandardOutput(text),
    ...compileOptions(options),
    ...limitOptions(options),
  });
  const terminal = createInterface({
    input: process.stdin,
    output: process.stdout,
    terminal: process.stdin.isTTY === true,
  });
  if (process.stdin.isTTY) console.log(`LisPy. ${style('dim', 'Ctrl-D leaves.')}`);
  terminal.setPrompt('> ');
  terminal.prompt();
  let source = '';
  for await (const line of terminal) {
    source += `${line}\n`;
    if (isIncomplete(source)) {
      terminal.setPrompt('. ');
    } else {
      await evaluate(instance, source);
      source = '';
      terminal.setPrompt('> ');
    }
    terminal.prompt();
  }
  if (source.trim() !== '') await evaluate(instance, source);
}

async function evaluate(instance: ReturnType<typeof createRepl>, source: string): Promise<void> {
  if (source.trim() === '') return;
  try {
    const value = await instance.evaluate(source);
    if (value !== null) console.log(printValue(value));
  } catch (error) {
    if (!(error instanceof LispyError)) throw error;
    console.log(`${style('red', 'Error')} ${error.message}`);
  }
}
