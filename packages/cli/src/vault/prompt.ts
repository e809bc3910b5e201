// A secret from the person: typed without being shown, or from standard input. Never from the command line, which
// every process of the machine can read.
import { PypesError } from '@pypes/contract';
import { readStandardInput } from '../input.ts';

/** The value; the line end after a value of one line is not a part of it. */
export async function readSecret(label: string): Promise<string> {
  const text = process.stdin.isTTY ? await readHidden(label) : await readStandardInput();
  const line = text.replace(/\r?\n$/, '');
  return line.includes('\n') ? text : line;
}

const ENTER = new Set(['\r', '\n', '\u0004']);
const BACKSPACE = new Set(['\u007f', '\b']);
const CANCEL = '\u0003';

function readHidden(label: string): Promise<string> {
  const { stdin } = process;
  process.stderr.write(`${label}: `);
  return new Promise((done, failed) => {
    const typed: string[] = [];
    const end = () => {
      stdin.off('data', onData);
      stdin.setRawMode(false);
      stdin.pause();
      process.stderr.write('\n');
    };
    const onData = (chunk: string) => {
      for (const key of chunk) {
        if (key === CANCEL) {
          end();
          failed(new PypesError('canceled', 'Nothing was stored'));
          return;
        }
        if (ENTER.has(key)) {
          end();
          done(typed.join(''));
          return;
        }
        if (BACKSPACE.has(key)) typed.pop();
        else typed.push(key);
      }
    };
    stdin.setRawMode(true);
    stdin.setEncoding('utf8').on('data', onData);
    stdin.resume();
  });
}
