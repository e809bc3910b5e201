// Runs a JavaScript agent many times in one process of its own.
import { pathToFileURL } from 'node:url';
import type { RunJobs } from './outcome.ts';
import { runProgram } from './process.ts';
import { toLines, toOutcomes, withFiles } from './python.ts';

const RUNNER = `
const plain = (value) => {
  if (value === undefined || value === null) return null;
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') { if (Number.isFinite(value)) return value; throw new Error('not finite'); }
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (Array.isArray(value)) return Array.from(value, plain);
  if (typeof value !== 'object' || /Map|Set|RegExp|Error|Promise/.test(Object.prototype.toString.call(value))) throw new Error('no JSON');
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined).map(([key, item]) => [key, plain(item)]));
};
let text = '';
for await (const chunk of process.stdin.setEncoding('utf8')) text += chunk;
for (const line of text.split('\\n')) {
  if (line === '') continue;
  let answer;
  try {
    const [url, args] = JSON.parse(line);
    const { run } = await import(url);
    answer = { kind: 'value', value: plain(await run({}, args)) };
  }
  catch (error) { answer = { kind: error instanceof RangeError && /call stack/.test(error.message) ? 'refused' : 'error', message: String(error?.message ?? error) }; }
  process.stdout.write(JSON.stringify(answer) + '\\n');
}
`;

/** In the Node that runs this; types are stripped where there are any. */
export const runJavascript: RunJobs = (jobs) =>
  withFiles(jobs, 'ts', async (paths) => {
    const urls = paths.map((path) => pathToFileURL(path).href);
    const output = await runProgram(
      process.execPath,
      ['--no-warnings', '--input-type=module', '-e', RUNNER],
      toLines(jobs, urls),
    );
    return toOutcomes(jobs, output);
  });
