// pypes publish and sign: a skill's folder to a registry, to an OCI registry, or signed beside its file.
import { writeFile } from 'node:fs/promises';
import { PypesError } from '@pypes/contract';
import type { Command } from 'commander';
import { readKeys } from './registry/keys.ts';
import { print, printOutcome } from './registry/output.ts';

type Options = { readonly keys: string; readonly to: string; readonly json?: boolean };

/** Adds the commands. */
export function registerPublish(program: Command): void {
  program
    .command('publish')
    .summary('publish a skill')
    .description(
      'Publishes the skill in FOLDER (manifest.toml, component.wasm and interface.wit, or agent files) under its name and version, which never changes again. --to is a folder made by pypes registry init, or oci://HOST/REPOSITORY:TAG (credentials: PYPES_OCI_USERNAME, PYPES_OCI_PASSWORD).',
    )
    .argument('<folder>', "the skill's folder")
    .requiredOption('--to <registry>', "the registry's folder, or oci://HOST/REPOSITORY:TAG")
    .option('--keys <folder>', 'folder of key files (*.key)', 'keys')
    .option('--json', 'as JSON')
    .action(publish);
  program
    .command('sign')
    .summary('sign a skill that is given away as a file')
    .description(
      'Writes PATH.sig beside a component, an archive or a skill folder: whoever trusts the keys can install it from a path or a URL.',
    )
    .argument('<path>', 'a component, an archive, or a skill folder')
    .option('--keys <folder>', 'folder of key files (*.key)', 'keys')
    .option('--json', 'as JSON')
    .action(sign);
}

async function publish(folder: string, { keys, to, json }: Options): Promise<void> {
  const { parseSource, publishSkill, pushSkill, readSkill, toNameText } = await import('@pypes/registry');
  const { inspectFiles } = await import('@pypes/service/skills');
  const skill = await readSkill(folder);
  const title = `${toNameText(skill.manifest.package)}@${skill.manifest.package.version}`;
  const component = inspectFiles(skill);
  if (!to.startsWith('oci://')) {
    const outcome = await publishSkill({ folder: to }, skill, await readKeys(keys));
    const said = outcome.wasThere ? `${title} was published before, with the same bytes` : `Published ${title}`;
    printOutcome(json, outcome, `${said} (${outcome.digest})`);
    return;
  }
  const source = parseSource(to);
  if (source.kind !== 'oci') throw new PypesError('invalid_request', `"${to}" is no OCI reference`);
  const digest = await pushSkill(
    source,
    skill,
    await readKeys(keys),
    { fetch: (url, init) => fetch(url, init), ...credentials() },
    component,
  );
  print(json, { digest, to }, [`Pushed ${title} to ${to} (${digest})`]);
}

function credentials() {
  const { PYPES_OCI_USERNAME: username, PYPES_OCI_PASSWORD: password } = process.env;
  return username === undefined || password === undefined ? {} : { credentials: { username, password } };
}

async function sign(path: string, { keys, json }: Omit<Options, 'to'>): Promise<void> {
  const { loadPath, signStatement, toDigest, verifySkill } = await import('@pypes/registry');
  const { bytes } = await loadPath(path);
  const { content } = verifySkill({ bytes, proof: { kind: 'development' } });
  const about =
    content.kind === 'skill'
      ? { name: await nameOf(content.skill), version: content.skill.manifest.package.version }
      : {};
  const digest = toDigest(bytes);
  const file = `${path.replace(/\/+$/, '')}.sig`;
  await writeFile(file, `${JSON.stringify(signStatement({ digest, ...about }, await readKeys(keys)))}\n`);
  print(json, { digest, file }, [`Signed ${digest} in ${file}`]);
}

async function nameOf(skill: {
  readonly manifest: { readonly package: { readonly name: string; readonly namespace?: string } };
}): Promise<string> {
  const { toNameText } = await import('@pypes/registry');
  return toNameText(skill.manifest.package);
}
