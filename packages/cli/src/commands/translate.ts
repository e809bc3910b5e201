// pypes translate: an agent in another language, by syntax only: the same results or a refusal.
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { PypesError } from '@pypes/contract';
import type { CheckReport, Language, SourceText } from '@pypes/translate';
import type { Command } from 'commander';
import { EXIT } from '../exit.ts';
import { parseWhole } from '../input.ts';
import { splitFile } from '../local.ts';
import { style } from '../style.ts';
import { toStandardOutput } from '../terminal.ts';

type TranslateOptions = {
  readonly to: string;
  readonly out?: string;
  readonly force?: boolean;
  readonly check?: string;
  readonly json?: boolean;
};

const MOST_CALLS = 100_000;

/** Adds the command. */
export function registerTranslate(program: Command): void {
  program
    .command('translate')
    .summary('write an agent in another language')
    .description(
      'Translates an agent by syntax only: each call gives the same result as before, or an error. What does not ' +
        'translate is reported with file, line and construct, and nothing is written.',
    )
    .argument('<file>', 'agent file in Python, JavaScript, TypeScript, LisPy or Lua')
    .requiredOption('--to <language>', 'py, lispy, js or lua')
    .option('-o, --out <file>', 'write it there instead of to standard output')
    .option('--force', 'with --out: replace a file that exists')
    .option('--check <n>', 'run both on n generated arguments; exit code 4 where they differ')
    .option('--json', 'as JSON')
    .action(run);
}

async function run(file: string, options: TranslateOptions): Promise<void> {
  const { filename } = splitFile(file);
  const { checkTranslation, parseLanguage, translate, writeWhole } = await import('@pypes/translate');
  const to: Language | undefined = parseLanguage(options.to);
  if (to === undefined) throw new PypesError('invalid_request', `--to takes py, lispy, js or lua, got "${options.to}"`);
  const calls = options.check === undefined ? 0 : parseWhole(options.check, '--check', 1, MOST_CALLS);
  const source: SourceText = { filename, text: await readFile(file, 'utf8') };
  const target = await translate({ ...source, to });
  const report = calls === 0 ? undefined : await checkTranslation(source, target, { calls });
  if (report !== undefined && report.differences.length > 0) {
    fail(report, options.json === true);
    return;
  }
  if (options.out !== undefined) await writeWhole(options.out, target.text, options.force === true);
  if (options.json === true) console.log(JSON.stringify(toJson(target, options.out, report)));
  else show(target, options.out, report);
}

function fail(report: CheckReport, json: boolean): void {
  const { calls, differences } = report;
  if (json) console.log(JSON.stringify({ status: 'failed', check: report }));
  else {
    console.error(`${style('red', 'Different')} on ${differences.length} of ${calls} calls; nothing was written`);
    for (const { args, source, target } of differences.slice(0, 3)) {
      console.error(
        `  ${JSON.stringify(args)}\n    before ${JSON.stringify(source)}\n    after  ${JSON.stringify(target)}`,
      );
    }
  }
  process.exitCode = EXIT.gate;
}

function toJson(target: SourceText, out: string | undefined, report: CheckReport | undefined): object {
  return {
    status: 'ok',
    ...(out === undefined ? target : { file: out }),
    ...(report === undefined ? {} : { check: report }),
  };
}

function show(target: SourceText, out: string | undefined, report: CheckReport | undefined): void {
  if (out === undefined) toStandardOutput(target.text);
  else console.log(`${style('green', 'Wrote')} ${basename(out)}`);
  if (report === undefined) return;
  const { calls, values, refused } = report;
  // Standard output may be the translation itself.
  console.error(
    `Checked ${calls} calls: ${values} the same value, ${calls - values - refused} the same failure, ${refused} refused by the translation`,
  );
}
