// pypes install, fetch, uninstall, verify, skills: downloaded skills from a source to callable agents, and back.
import { createInterface } from 'node:readline/promises';
import { type Permissions, PypesError } from '@pypes/contract';
import type { Candidate } from '@pypes/service/skills';
import type { Command } from 'commander';
import { EXIT } from '../exit.ts';
import { parseGrants } from '../grants/values.ts';
import { collect } from '../input.ts';
import { DEFAULT_ROOT } from '../local.ts';
import { toReview } from '../skills/show.ts';

type FetchOptions = {
  readonly root: string;
  readonly offline?: boolean;
  readonly allowUnsigned?: boolean;
  readonly json?: boolean;
};
type InstallOptions = FetchOptions & { readonly yes?: boolean; readonly grant: readonly string[] };

const SOURCES =
  'explicit:NAME@VERSION, remote:NAME[@RANGE], oci://HOST/REPOSITORY:TAG, https://…, or a path that begins with ./ or /';

/** Adds the commands. */
export function registerInstall(program: Command): void {
  shared(program.command('install'))
    .summary('install a skill: verify it, show what it asks for, pin it')
    .description(
      `Installs a skill. SOURCE is ${SOURCES}. It is verified, and shown with what it asks for; nothing is installed before a yes. With --yes nothing is asked, and nothing is granted but what --grant names.`,
    )
    .argument('<source>', 'where the skill comes from')
    .option('--yes', 'do not ask')
    .option('--grant <name=value>', 'grant a permission, as pypes grant takes it', collect, [])
    .action(install);
  shared(program.command('fetch'))
    .summary('download and verify a skill without installing it')
    .description(`Downloads a skill into the cache and verifies it. SOURCE is ${SOURCES}.`)
    .argument('<source>', 'where the skill comes from')
    .action(async (source: string, options: FetchOptions) => {
      const { fetchSkill } = await import('@pypes/service/skills');
      const candidate = await fetchSkill(source, options);
      print(options, { ...toFacts(candidate) }, toReview(candidate.report, candidate.installed?.report));
    });
  program
    .command('uninstall')
    .summary('take an installed skill out')
    .argument('<name>', 'its name or its source')
    .option('--root <folder>', 'where packs and skills are kept', DEFAULT_ROOT)
    .option('--json', 'as JSON')
    .action(async (name: string, options: FetchOptions) => {
      const { uninstallSkill } = await import('@pypes/service/skills');
      const { source, digest } = await uninstallSkill(name, options.root);
      print(options, { source, digest }, [`Took out ${source}`]);
    });
  program
    .command('skills')
    .summary('list installed skills')
    .description(
      'Lists installed skills. --gc also removes archives that are installed no more, and what was transpiled: it is made anew when it is needed.',
    )
    .option('--gc', 'remove what no installed skill needs')
    .option('--root <folder>', 'where packs and skills are kept', DEFAULT_ROOT)
    .option('--json', 'as JSON')
    .action(skills);
  program
    .command('verify')
    .summary('verify every installed skill: bytes, signatures, revocations')
    .option('--root <folder>', 'where packs and skills are kept', DEFAULT_ROOT)
    .option('--offline', 'with what this machine knows, without asking the registry')
    .option('--json', 'as JSON')
    .action(verify);
}

function shared(command: Command): Command {
  return command
    .option('--root <folder>', 'where packs and skills are kept', DEFAULT_ROOT)
    .option('--offline', 'no network: only what is in the cache')
    .option(
      '--allow-unsigned',
      'DEVELOPMENT ONLY: take bytes that nobody signed, from a path, a URL or an OCI registry',
    )
    .option('--json', 'as JSON');
}

async function install(source: string, options: InstallOptions): Promise<void> {
  const { fetchSkill, installSkill } = await import('@pypes/service/skills');
  const given = parseGrants(options.grant);
  const candidate = await fetchSkill(source, options);
  if (options.allowUnsigned === true) {
    console.error('--allow-unsigned: nobody vouches for this skill. Use it for your own work only.');
  }
  const review = toReview(candidate.report, candidate.installed?.report);
  const permissions = options.yes === true ? given : await askPerson(candidate, review, given, options);
  const { packGuid, locked } = await installSkill(candidate, permissions, options);
  const lines = [
    ...(options.yes === true ? review : []),
    `Installed ${candidate.report.title} as the pack ${packGuid}`,
    ...notGranted(candidate, permissions, packGuid),
  ];
  print(options, { ...toFacts(candidate), pack_guid: packGuid, granted: locked.permissions }, lines);
}

/** A yes typed by a person grants what is asked for; where nobody can be asked, nothing happens. */
async function askPerson(
  { report }: Candidate,
  review: readonly string[],
  given: Partial<Permissions>,
  { json }: InstallOptions,
): Promise<Partial<Permissions>> {
  if (!process.stdin.isTTY || json === true) {
    for (const line of review) console.error(line);
    throw new PypesError(
      'invalid_request',
      'Nobody can be asked here, and nothing was installed; repeat it with --yes, and --grant NAME=VALUE for each permission that it should have',
    );
  }
  for (const line of review) console.log(line);
  const asksForSomething = Object.keys(report.asked).length > 0;
  const line = createInterface({ input: process.stdin, output: process.stdout });
  try {
    const answer = await line.question(
      asksForSomething
        ? 'Install, and grant what it asks for? [y]es, [n]o, [w]ithout granting: '
        : 'Install? [y]es, [n]o: ',
    );
    if (/^y(es)?$/i.test(answer.trim())) return { ...report.asked, ...given };
    if (/^w(ithout)?$/i.test(answer.trim())) return given;
    throw new PypesError('canceled', 'Nothing was installed');
  } finally {
    line.close();
  }
}

function notGranted({ report }: Candidate, granted: Partial<Permissions>, packGuid: string): readonly string[] {
  const missing = Object.keys(report.asked).filter((name) => !Object.hasOwn(granted, name));
  if (missing.length === 0) return [];
  return [`Not granted: ${missing.join(', ')}; pypes grant ${packGuid} NAME=VALUE does`];
}

function toFacts({ source, report, installed }: Candidate) {
  return {
    source,
    ...report,
    ...(installed === undefined ? {} : { installed: { ...installed.locked } }),
  };
}

async function skills({ root, gc, json }: FetchOptions & { readonly gc?: boolean }): Promise<void> {
  const { collectGarbage, listInstalled } = await import('@pypes/service/skills');
  const installed = await listInstalled(root);
  const removed = gc === true ? await collectGarbage(root) : undefined;
  const lines = installed.map(({ source, packGuid, locked }) => `${source}  ${packGuid}  ${locked.digest}`);
  print(
    json === true ? { json } : {},
    {
      skills: installed.map(({ source, packGuid, locked }) => ({ ...locked, source, pack_guid: packGuid })),
      ...(removed === undefined ? {} : { removed }),
    },
    [
      ...(lines.length === 0 ? ['No skill is installed'] : lines),
      ...(removed === undefined ? [] : [`Removed ${removed.files} files, ${removed.bytes} bytes`]),
    ],
  );
}

async function verify(options: FetchOptions): Promise<void> {
  const skills = await import('@pypes/service/skills');
  const { readLockfile } = await import('@pypes/registry');
  const places = skills.skillPlaces(options.root);
  const lockfile = await readLockfile(places.lockfile);
  if (options.offline !== true && (await skills.readRegistry(places)) !== undefined) {
    await (await skills.openRegistry(places)).refresh();
    await skills.markRefreshed(places);
  }
  const results = await Promise.all(
    lockfile.skills.map(async (locked) => {
      try {
        const { stale } = await skills.verifyInstalled(places, locked);
        return { source: locked.source, digest: locked.digest, ok: true, ...(stale === undefined ? {} : { stale }) };
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        return { source: locked.source, digest: locked.digest, ok: false, error: message };
      }
    }),
  );
  const failed = results.filter(({ ok }) => !ok);
  const lines = results.map(
    (each) => `${each.ok ? 'ok    ' : 'failed'}  ${each.source}${'error' in each ? `: ${each.error}` : ''}`,
  );
  const status = failed.length === 0 ? 'ok' : 'failed';
  print(options, { status, skills: results }, lines.length === 0 ? ['No skill is installed'] : lines);
  if (failed.length === 0) return;
  if (options.json !== true) console.error(`${failed.length} of ${results.length} skills may not load`);
  process.exitCode = EXIT.usage;
}

function print({ json }: { readonly json?: boolean }, facts: object, lines: readonly string[]): void {
  if (json === true) console.log(JSON.stringify({ status: 'ok', ...facts }));
  else for (const line of lines) console.log(line);
}
