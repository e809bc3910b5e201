// The files of an evaluation: suites and baselines that are read, reports and scorecards that are written whole or not.
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { type Json, PypesError } from '@pypes/contract';
import { type Baseline, formatOf, parseBaseline, parseSuite, type Suite } from '@pypes/host/evals';

/** @throws PypesError `invalid_request` with every fault's place */
export function openSuite(file: string): Suite {
  return parseSuite(readText(file, 'suite'), formatOf(file), file);
}

/** @throws PypesError `invalid_request` where it cannot be read */
export function readText(file: string, what: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new PypesError('invalid_request', `The ${what} "${file}" cannot be read: ${(error as Error).message}`);
  }
}

/** The baseline that was named, which has to be there; else the gate's, beside the suite, which the gate asks for. */
export function openBaseline(suiteFile: string, suite: Suite, named: string | undefined): Baseline | undefined {
  const beside = suite.gate.baseline;
  const file = named ?? (beside === undefined ? undefined : resolve(dirname(suiteFile), beside));
  if (file === undefined || (named === undefined && !existsSync(file))) return undefined;
  const text = readText(file, 'baseline');
  let value: Json;
  try {
    value = JSON.parse(text) as Json;
  } catch (error) {
    throw new PypesError('invalid_request', `The baseline "${file}" is no JSON: ${(error as Error).message}`);
  }
  return parseBaseline(value);
}

/** Replaces the file in one step. @throws PypesError `invalid_request` where it cannot be written */
export function writeText(file: string, text: string): void {
  const part = `${file}.${process.pid}.part`;
  try {
    writeFileSync(part, text);
    renameSync(part, file);
  } catch (error) {
    rmSync(part, { force: true });
    throw new PypesError('invalid_request', `"${file}" cannot be written: ${(error as Error).message}`);
  }
}
