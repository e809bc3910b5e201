// pypes parts: what only some need, where it is, and how to get it.
import { PypesError } from '@pypes/contract';
import type { Command } from 'commander';
import { addPart, findPart, removePart } from '../parts/add.ts';
import { commandFor, findPartPlaces, type PartPlaces } from '../parts/places.ts';
import { type PartState, readParts } from '../parts/state.ts';
import { PARTS } from '../parts/table.ts';
import { style, toTable } from '../style.ts';

type Options = { readonly json?: boolean };

const MEGABYTE = 1_000_000;
const NAMES = PARTS.map(({ name }) => name).join(', ');

/** Adds the command. */
export function registerParts(program: Command): void {
  const parts = program
    .command('parts')
    .summary('get what only some need')
    .description(
      'Lists the optional parts. One that is added is installed by npm into a folder of yours (PYPES_PARTS, else pypes/parts in your folder of data), exactly as this version of Pypes pins it, without running scripts.',
    );
  parts
    .command('list', { isDefault: true })
    .description('Lists the parts: those that are here, and what the others are for.')
    .option('--json', 'as JSON')
    .action(list);
  parts
    .command('add')
    .description('Gets parts, or renews them.')
    .argument('<part...>', NAMES)
    .option('--json', 'as JSON')
    .action(add);
  parts
    .command('remove')
    .description('Removes parts that were added.')
    .argument('<part...>', NAMES)
    .option('--json', 'as JSON')
    .action(remove);
}

function list(options: Options): void {
  const found = readParts(findPartPlaces());
  if (options.json === true) {
    console.log(JSON.stringify({ status: 'ok', parts: found }));
    return;
  }
  console.log(toTable(found.map(toRow)));
  const missing = found.find(({ state }) => state === 'missing' || state === 'outdated');
  if (missing !== undefined) console.log(`get one  ${commandFor(missing.name)}`);
}

function toRow({ name, state, versions, bytes, megabytes, purpose }: PartState): readonly string[] {
  const size = bytes === undefined ? `about ${megabytes} MB` : `${(bytes / MEGABYTE).toFixed(1)} MB`;
  const inside = Object.entries(versions).map(([each, version]) => `${each} ${version}`);
  const colour = state === 'here' || state === 'added' ? 'green' : 'yellow';
  return [style(colour, state), name, size, `${purpose}${inside.length === 0 ? '' : ` (${inside.join(', ')})`}`];
}

async function add(names: readonly string[], options: Options): Promise<void> {
  const parts = names.map(findPart);
  const places = placesOr('npm ci brings every part of the project; where one is missing, run that');
  const added: { readonly part: string; readonly folder: string }[] = [];
  for (const part of parts) {
    const folder = await addPart(part, places);
    added.push({ part: part.name, folder });
    if (options.json !== true) console.log(`${style('green', 'Added')} ${part.name} in ${folder}`);
  }
  if (options.json === true) console.log(JSON.stringify({ status: 'ok', added }));
}

function remove(names: readonly string[], options: Options): void {
  const parts = names.map(findPart);
  const places = placesOr('Nothing was added: the project has its parts from npm ci');
  for (const part of parts) removePart(part, places);
  const removed = parts.map(({ name }) => name);
  if (options.json === true) console.log(JSON.stringify({ status: 'ok', removed }));
  else console.log(`${style('green', 'Removed')} ${removed.join(', ')}`);
}

function placesOr(message: string): PartPlaces {
  const places = findPartPlaces();
  if (places === undefined) throw new PypesError('invalid_request', message);
  return places;
}
