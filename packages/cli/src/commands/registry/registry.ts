// pypes registry: the publisher's side of a registry, and which registry this machine trusts.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Json, PypesError } from '@pypes/contract';
import type { SkillVersion, TopRole } from '@pypes/registry';
import type { Command } from 'commander';
import { collect } from '../../input.ts';
import { DEFAULT_ROOT } from '../../local.ts';
import { makeKey, readKeys, readPublicKey } from './keys.ts';
import { print, printOutcome } from './output.ts';
import { serveFolder } from './serve.ts';

type Common = { readonly keys: string; readonly json?: boolean };

const load = () => import('@pypes/registry');

/** Adds the command. */
export function registerRegistry(program: Command): void {
  const registry = program
    .command('registry')
    .summary('publish skills: a registry that any static file server can serve')
    .description(
      'Makes and keeps a registry (TUF metadata and skills in a folder that any static server can serve), and says which registry this machine trusts. Key files are read from --keys; PYPES_KEY_PASSPHRASE seals them.',
    );
  const command = (spec: string, summary: string) =>
    registry
      .command(spec)
      .summary(summary)
      .description(summary)
      .option('--keys <folder>', 'folder of key files (*.key)', 'keys')
      .option('--json', 'as JSON')
      .exitOverride();

  command('init <folder>', 'make a registry; makes the keys that --keys has not yet').action(init);
  command('keygen <name>', 'make a key: NAME.key and NAME.pub in --keys').action(keygen);
  command('status <folder>', 'what is published, what waits, what expires when').action(status);
  command('add-key <folder> <role> <public-key>', 'add a key to root, targets, snapshot or timestamp')
    .option('--threshold <n>', 'how many keys have to sign')
    .action(addKey);
  command('rotate <folder> <role>', 'change who signs a role')
    .option('--add <public-key>', 'a key that is added', collect, [])
    .option('--remove <key-id>', 'a key that is removed', collect, [])
    .option('--threshold <n>', 'how many keys have to sign')
    .action(rotate);
  command('delegate <folder> <namespace>', 'give a namespace to its owners')
    .option('--to <public-key>', "an owner's key", collect, [])
    .option('--threshold <n>', 'how many of them have to sign', '1')
    .action(delegate);
  command('yank <folder> <skill>', 'NAME@VERSION should not be taken any more; lockfiles that name it go on')
    .requiredOption('--reason <text>', 'why, for whoever uses it')
    .action(yank);
  command('revoke <folder> <skill>', 'NAME@VERSION (or sha256:…) may not be loaded any more by anybody')
    .requiredOption('--reason <text>', 'why, for whoever uses it')
    .action(revoke);
  command('refresh <folder>', 'sign the timestamp and the snapshot anew; daily, from a timer').action(refresh);
  command('sign <folder>', 'add the signatures of --keys to what waits').action(sign);
  command('serve <folder>', 'serve a registry on this machine')
    .option('--port <n>', 'port', '7090')
    .option('--host <address>', 'address', '127.0.0.1')
    .action(serve);
  command('trust <url>', 'trust a registry: explicit: and remote: mean it from now on')
    .requiredOption('--trust-root <file>', '1.root.json (or a later root), from its publisher by another way')
    .option('--root <folder>', 'where packs and skills are kept', DEFAULT_ROOT)
    .action(trust);
  command('trust-key <name> <public-key>', 'trust a publisher of skills from paths, URLs and OCI registries')
    .option('--root <folder>', 'where packs and skills are kept', DEFAULT_ROOT)
    .action(trustKey);
  command('search [words...]', 'what the trusted registry offers')
    .option('--root <folder>', 'where packs and skills are kept', DEFAULT_ROOT)
    .action(search);
}

const ROLES = ['root', 'targets', 'snapshot', 'timestamp'] as const;
/** Two for the root, so that no single stolen key renames everything; one that is online for what is signed daily. */
const FIRST_KEYS = ['root-1', 'root-2', 'targets', 'online'] as const;

async function init(folder: string, { keys, json }: Common): Promise<void> {
  const { initRepository, readKey } = await load();
  await mkdir(keys, { recursive: true, mode: 0o700 });
  await mkdir(folder, { recursive: true });
  const made: string[] = [];
  const named = await Promise.all(
    FIRST_KEYS.map(async (name) => {
      try {
        return await readKey(join(keys, `${name}.key`), process.env.PYPES_KEY_PASSPHRASE);
      } catch (error) {
        if (!(error instanceof PypesError) || error.code !== 'not_found') throw error;
        made.push(name);
        return makeKey(keys, name);
      }
    }),
  );
  const [first, second, targets, online] = named as [
    (typeof named)[0],
    (typeof named)[0],
    (typeof named)[0],
    (typeof named)[0],
  ];
  await initRepository(
    { folder },
    {
      root: { keys: [first, second], threshold: 2 },
      targets: { keys: [targets], threshold: 1 },
      snapshot: { keys: [online], threshold: 1 },
      timestamp: { keys: [online], threshold: 1 },
    },
    named,
  );
  print(json, { folder, keys_made: made, trust_root: join(folder, '1.root.json') }, [
    `Made a registry in ${folder}`,
    ...(made.length === 0
      ? []
      : [`Made the keys ${made.join(', ')} in ${keys}: keep root-1 and root-2 offline, apart from each other`]),
    `Its trust root is ${join(folder, '1.root.json')}: give it to users by another way than the registry itself`,
  ]);
}

async function keygen(name: string, { keys, json }: Common): Promise<void> {
  await mkdir(keys, { recursive: true, mode: 0o700 });
  const { keyId, publicKey } = await makeKey(keys, name);
  print(json, { key_id: keyId, public_key: publicKey }, [
    `Made ${join(keys, name)}.key`,
    `public key ${publicKey}`,
    `key id     ${keyId}`,
  ]);
}

async function status(folder: string, { json }: Common): Promise<void> {
  const { readStatus } = await load();
  const { roles, namespaces, waiting } = await readStatus({ folder });
  print(json, { roles, namespaces, waiting }, [
    ...roles.map(
      ({ role, version, expires, expired, targets }) =>
        `${role.padEnd(12)} version ${version}, expires ${expires}${expired ? ', EXPIRED' : ''}${targets === undefined ? '' : `, ${targets} versions of skills`}`,
    ),
    ...(namespaces.length === 0 ? [] : [`namespaces   ${namespaces.join(', ')}`]),
    ...waiting.map(({ role, version }) => `waits        ${role} version ${version}`),
  ]);
}

async function addKey(
  folder: string,
  role: string,
  key: string,
  options: Common & { readonly threshold?: string },
): Promise<void> {
  await change(
    folder,
    options,
    { role: toRole(role), add: [await readPublicKey(key)], ...toThreshold(options.threshold) },
    `Added a key to ${role}`,
  );
}

type RotateOptions = Common & {
  readonly add: readonly string[];
  readonly remove: readonly string[];
  readonly threshold?: string;
};

async function rotate(folder: string, role: string, options: RotateOptions): Promise<void> {
  const add = await Promise.all(options.add.map(readPublicKey));
  await change(
    folder,
    options,
    { role: toRole(role), add, remove: options.remove, ...toThreshold(options.threshold) },
    `Changed the keys of ${role}`,
  );
}

async function change(
  folder: string,
  { keys, json }: Common,
  what: Parameters<Awaited<ReturnType<typeof load>>['rotateKeys']>[1],
  done: string,
): Promise<void> {
  const { rotateKeys } = await load();
  printOutcome(json, await rotateKeys({ folder }, what, await readKeys(keys)), done);
}

async function delegate(
  folder: string,
  namespace: string,
  { keys, json, to, threshold }: Common & { readonly to: readonly string[]; readonly threshold: string },
): Promise<void> {
  const { delegateNamespace } = await load();
  const owners = { keys: await Promise.all(to.map(readPublicKey)), threshold: toCount(threshold) };
  printOutcome(
    json,
    await delegateNamespace({ folder }, namespace, owners, await readKeys(keys)),
    `Gave ${namespace}: to ${to.length} key(s)`,
  );
}

async function yank(
  folder: string,
  skill: string,
  { keys, json, reason }: Common & { readonly reason: string },
): Promise<void> {
  const { yankSkill } = await load();
  printOutcome(
    json,
    await yankSkill({ folder }, await toVersion(skill), reason, await readKeys(keys)),
    `Yanked ${skill}`,
  );
}

async function revoke(
  folder: string,
  skill: string,
  { keys, json, reason }: Common & { readonly reason: string },
): Promise<void> {
  const { isDigest, revokeSkill } = await load();
  const what = isDigest(skill) ? skill : await toVersion(skill);
  printOutcome(json, await revokeSkill({ folder }, what, reason, await readKeys(keys)), `Revoked ${skill}`);
}

async function refresh(folder: string, { keys, json }: Common): Promise<void> {
  const { refreshRepository } = await load();
  printOutcome(
    json,
    await refreshRepository({ folder }, await readKeys(keys)),
    'Signed the timestamp and the snapshot anew',
  );
}

async function sign(folder: string, { keys, json }: Common): Promise<void> {
  const { signPending } = await load();
  printOutcome(json, await signPending({ folder }, await readKeys(keys)), 'Signed what waited');
}

async function serve(
  folder: string,
  { port, host, json }: Common & { readonly port: string; readonly host: string },
): Promise<void> {
  const url = await serveFolder(folder, host, toCount(port, 0));
  print(json, { url }, [`${folder} at ${url}`]);
}

async function trust(
  url: string,
  { json, root, trustRoot }: Common & { readonly root: string; readonly trustRoot: string },
): Promise<void> {
  const { skillPlaces, trustRegistry } = await import('@pypes/service/skills');
  const { createRegistryClient } = await load();
  const places = skillPlaces(root);
  const bytes = await readFile(trustRoot).catch((cause: unknown) => {
    throw new PypesError('not_found', `There is no trust root at "${trustRoot}"`, { cause });
  });
  const client = createRegistryClient({
    url,
    cacheFolder: places.cache,
    trustedRoot: bytes,
    fetch: (at, options) => fetch(at, options),
  });
  const freshness = await client.refresh();
  await trustRegistry(places, { url, root: bytes });
  print(json, { url, ...freshness }, [
    `Trusts ${url}, root version ${freshness.rootVersion}; its timestamp expires ${freshness.expires}`,
  ]);
}

async function trustKey(name: string, key: string, { json, root }: Common & { readonly root: string }): Promise<void> {
  const { skillPlaces } = await import('@pypes/service/skills');
  if (!/^[a-z0-9][a-z0-9._-]{0,63}$/i.test(name))
    throw new PypesError('invalid_request', `"${name}" is no name for a key: letters, digits and ._-`);
  const { keyId, publicKey } = await readPublicKey(key);
  const { keys } = skillPlaces(root);
  await mkdir(keys, { recursive: true, mode: 0o700 });
  await writeFile(join(keys, `${name}.pub`), `${publicKey}\n`, { mode: 0o600 });
  print(json, { name, key_id: keyId }, [`Trusts ${name} (${keyId.slice(0, 16)})`]);
}

async function search(words: readonly string[], { json, root }: Common & { readonly root: string }): Promise<void> {
  const { openRegistry, skillPlaces } = await import('@pypes/service/skills');
  const client = await openRegistry(skillPlaces(root));
  const found = words.length === 0 ? await client.list() : await client.search(words.join(' '));
  const lines = found.map(
    ({ text, version, description, yanked, revoked }) =>
      `${text}@${version}${revoked === undefined ? '' : ' REVOKED'}${yanked === undefined ? '' : ' yanked'}  ${description}`,
  );
  print(json, { skills: found as unknown as Json }, lines.length === 0 ? ['Nothing'] : lines);
}

async function toVersion(text: string): Promise<SkillVersion> {
  const { isVersion, parseSkillName } = await load();
  const at = text.lastIndexOf('@');
  const version = text.slice(at + 1);
  if (at < 1 || !isVersion(version)) throw new PypesError('invalid_request', `"${text}" is no NAME@VERSION`);
  return { ...parseSkillName(text.slice(0, at)), version };
}

function toRole(text: string): TopRole {
  const role = ROLES.find((each) => each === text);
  if (role === undefined)
    throw new PypesError('invalid_request', `There is no role "${text}"; there are ${ROLES.join(', ')}`);
  return role;
}

function toThreshold(text: string | undefined): { readonly threshold?: number } {
  return text === undefined ? {} : { threshold: toCount(text) };
}

function toCount(text: string, least = 1): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < least)
    throw new PypesError('invalid_request', `"${text}" is no number from ${least}`);
  return count;
}
