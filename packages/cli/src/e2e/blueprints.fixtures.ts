// What the tests of blueprints share: a folder with agent.toml and files beside it, and the records of its runs.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JsonObject } from '@pypes/contract';
import { newFolder } from './server.ts';
import { json, pypes, type Ran } from './skills.fixtures.ts';

/** A folder with a blueprint, and the commands over it. */
export type BlueprintFolder = {
  readonly folder: string;
  readonly root: string;
  readonly toml: string;
  check(...more: readonly string[]): Promise<Ran>;
  run(input?: JsonObject, ...more: readonly string[]): Promise<Ran>;
};

/** Writes a blueprint and what lies beside it. */
export function writeBlueprint(
  toml: string,
  files: { readonly [name: string]: string | Uint8Array } = {},
  root = join(newFolder(), 'data'),
): BlueprintFolder {
  const folder = newFolder();
  const path = join(folder, 'agent.toml');
  writeFileSync(path, toml);
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  const at = ['--root', root];
  return {
    folder,
    root,
    toml: path,
    check: (...more) => pypes(['check', 'agent.toml', ...at, ...more], { cwd: folder }),
    run: (input = {}, ...more) =>
      pypes(['run', 'agent.toml', ...at, '--input', JSON.stringify(input), ...more], { cwd: folder }),
  };
}

/** `pypes run --json`. */
export async function ran(
  of: BlueprintFolder,
  input: JsonObject = {},
  ...more: readonly string[]
): Promise<JsonObject> {
  return json(await of.run(input, '--json', ...more));
}

/** Every run that is kept below a root with its events, the newest last. */
export async function recordsOf(
  root: string,
): Promise<readonly { readonly run: JsonObject; readonly events: readonly JsonObject[] }[]> {
  const at = ['--root', root, '--json'];
  const { runs } = json(await pypes(['runs', 'list', '--limit', '500', ...at]));
  const ids = (runs as readonly JsonObject[]).map(({ run_id: id }) => String(id)).reverse();
  const shown = [];
  for (const id of ids) {
    const { run, events } = json(await pypes(['runs', 'show', id, '--events', ...at]));
    shown.push({ run: run as JsonObject, events: events as readonly JsonObject[] });
  }
  return shown;
}

/** The types of the events of calls, each with the step that it is of. */
export function stepsOf(events: readonly JsonObject[] = []): readonly string[] {
  return events.flatMap(({ event_type: type, attrs }) => {
    const { step } = attrs as JsonObject;
    return typeof step === 'string' && String(type).startsWith('tool.call.started') ? [step] : [];
  });
}

/** A step; keys are as in a blueprint. */
export const step = (id: string, component: string, lines = ''): string =>
  `[[workflow.steps]]\nid = "${id}"\ncomponent = "${component}"\n${lines}\n`;

/** The head of a blueprint over files: `name = file`. */
export const head = (files: { readonly [name: string]: string }, more = ''): string =>
  `[blueprint]\nname = "test"\n${more}\n[components]\n${Object.entries(files)
    .map(([name, path]) => `${name} = { path = "${path}" }\n`)
    .join('')}`;

/** An agent in JavaScript: `body` is that of `run(context, args)`. */
export const agent = (name: string, body: string, parameters = '{ type: "object" }'): string =>
  `export const AGENT = { name: "${name}", parameters: ${parameters} };\nexport async function run(context, args) {\n${body}\n}\n`;
