// pypes contract against a real registry, without a model and with one that answers as recorded: a blueprint that
// holds, nothing installed, nothing run, and no model or skill that talks its way to more.
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isJsonObject, type JsonObject } from '@pypes/contract';
import { parseBlueprint } from '@pypes/host/blueprints';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PYPES } from './command.ts';
import { newMachine, publishSkills, startRecordedModels } from './contract.fixtures.ts';
import { newFolder } from './server.ts';
import { json, pypes, type Ran, startRegistry, stopRegistries, type TestRegistry } from './skills.fixtures.ts';

const CONTRACT = PYPES;
const WISH = ['I', 'need', 'an', 'agent', 'to', 'track', 'my', 'stocks', 'and', 'email', 'me', 'summaries'];

let registry: TestRegistry;
let models: Awaited<ReturnType<typeof startRecordedModels>>;

beforeAll(async () => {
  registry = await startRegistry();
  await publishSkills(registry);
  models = await startRecordedModels();
});

afterAll(async () => {
  stopRegistries();
  await models.stop();
});

/** Runs the command in a folder of its own; `input` is typed in a terminal. */
function contract(root: string, args: readonly string[], cwd = newFolder(), input?: string): Promise<Ran> {
  const line = [process.execPath, CONTRACT, 'contract', ...args, '--root', root];
  const child =
    input === undefined
      ? spawn(line[0] as string, line.slice(1), { cwd })
      : spawn('script', ['-qefc', line.map((word) => `'${word}'`).join(' '), '/dev/null'], { cwd });
  const [out, err]: [Buffer[], Buffer[]] = [[], []];
  child.stdout.on('data', (bytes: Buffer) => out.push(bytes));
  child.stderr.on('data', (bytes: Buffer) => err.push(bytes));
  child.stdin.end(input ?? '');
  return new Promise((done, failed) => {
    child.once('error', failed);
    child.once('close', (status) =>
      done({ status, out: Buffer.concat(out).toString(), err: Buffer.concat(err).toString() }),
    );
  });
}

const drafted = async (root: string, ...more: readonly string[]): Promise<JsonObject> =>
  json(await contract(root, [...WISH, '--json', ...more]));

async function installedOn(root: string): Promise<unknown> {
  return json(await pypes(['skills', '--root', root, '--json'])).skills;
}

const codesOf = ({ findings }: JsonObject): readonly unknown[] =>
  (findings as readonly JsonObject[]).filter(({ severity }) => severity === 'error').map(({ code }) => code);

describe('without a model', { timeout: 90_000 }, () => {
  it('drafts what holds from two of three skills, and installs nothing', async () => {
    const root = await newMachine(registry);
    const ran = await contract(root, [...WISH, '--json']);
    expect(ran.status).toBe(2);
    const facts = json(ran);
    expect(facts).toMatchObject({ drafted_by: 'templates', proven: true, unmet: [], problems: [] });
    expect(codesOf(facts)).toEqual([]);
    const blueprint = parseBlueprint(String(facts.blueprint), 'agent.toml');
    expect(blueprint.skills).toEqual(['explicit:stock-prices@1.0.0', 'explicit:email-sender@1.0.0']);
    expect([...blueprint.grants].map(([name, { permissions }]) => [name, permissions])).toEqual([
      ['stock-prices', { network: ['api.example.com:443'] }],
      ['email-sender', { network: ['smtp.example.com:465'] }],
    ]);
    expect(facts.open).toMatchObject([{ name: 'symbol' }, { name: 'to', destination: true }]);
    expect(await installedOn(root)).toEqual([]);
    expect(existsSync(join(root, 'skills', 'pypes.lock'))).toBe(false);
  });

  it('prints and writes nothing where nobody can be asked, and with --out the blueprint alone', async () => {
    const root = await newMachine(registry);
    const cwd = newFolder();
    const shown = await contract(root, WISH, cwd);
    expect(shown.status).toBe(2);
    for (const text of ['send requests to api.example.com, port 443', 'The ten checks hold', 'The check cannot see']) {
      expect(shown.out).toContain(text);
    }
    expect(readdirSync(cwd)).toEqual([]);
    const written = await contract(root, [...WISH, '--out', 'mine.toml', '--set', 'to=me@example.com'], cwd);
    expect(written).toMatchObject({ status: 0 });
    expect(readdirSync(cwd)).toEqual(['mine.toml']);
    expect(readFileSync(join(cwd, 'mine.toml'), 'utf8')).toContain('to = "me@example.com"');
    expect(await installedOn(root)).toEqual([]);
    expect(await contract(root, [...WISH, '--out', 'mine.toml'], cwd)).toMatchObject({ status: 2 });
  });

  it('says what it found nothing for, and writes no half', async () => {
    const root = await newMachine(registry);
    const cwd = newFolder();
    const ran = await contract(root, ['track', 'my', 'stocks', 'and', 'water', 'plants', '--out', 'a.toml'], cwd);
    expect(ran.status).toBe(2);
    expect(ran.out).toContain('nothing was found for "water plants"');
    expect(readdirSync(cwd)).toEqual([]);
  });

  it('takes local agents too, by reading them', async () => {
    const root = await newMachine(registry);
    const cwd = newFolder();
    const agent = `import os
os.mkdir("this-file-ran")
AGENT = {"name": "count-plants", "parameters": {"type": "object", "properties": {}}, "returns": {"type": "integer"}}


def run(context):
    return 3
`;
    writeFileSync(join(cwd, 'plants.py'), agent);
    const ran = await contract(root, ['count', 'plants', '--folder', '.', '--out', 'a.toml'], cwd);
    expect(ran).toMatchObject({ status: 0, err: '' });
    expect(parseBlueprint(readFileSync(join(cwd, 'a.toml'), 'utf8'), 'a').components.get('plants')?.reference).toEqual({
      path: 'plants.py',
    });
    expect(readdirSync(cwd).sort()).toEqual(['a.toml', 'plants.py']);
  });
});

// Each of these starts the command several times.
describe('a yes', { timeout: 180_000 }, () => {
  const GRANTS = [
    '--grant',
    'stock-prices.network=api.example.com:443',
    '--grant',
    'email-sender.network=smtp.example.com:465',
  ];

  it('without saying to what is none', async () => {
    const root = await newMachine(registry);
    const cwd = newFolder();
    for (const flags of [
      ['--yes'],
      ['--install'],
      ['--run'],
      ['--yes', '--install'],
      ['--yes', '--install', ...GRANTS.slice(0, 2)],
      ['--yes', '--install', ...GRANTS, '--grant', 'stock-prices.vault=KEY'],
      ['--yes', '--install', ...GRANTS, '--grant', 'recipes.network=*'],
    ]) {
      expect([flags, (await contract(root, [...WISH, ...flags], cwd)).status]).toEqual([flags, 2]);
    }
    expect(readdirSync(cwd)).toEqual([]);
    expect(await installedOn(root)).toEqual([]);
  });

  it('to everything by name installs exactly that, and what was written passes pypes check', async () => {
    const root = await newMachine(registry);
    const cwd = newFolder();
    const ran = await contract(root, [...WISH, '--yes', '--install', ...GRANTS], cwd);
    expect(ran).toMatchObject({ status: 0 });
    expect(await installedOn(root)).toMatchObject([
      { name: 'email-sender', permissions: { network: ['smtp.example.com:465'] } },
      { name: 'stock-prices', permissions: { network: ['api.example.com:443'] } },
    ]);
    expect(await pypes(['check', 'agent.toml', '--root', root], { cwd })).toMatchObject({ status: 0 });
  });

  it('to running it runs what was written, through the guard', async () => {
    const root = await newMachine(registry);
    const cwd = newFolder();
    const values = ['--set', 'to=me@example.com', '--set', 'symbol=ACME'];
    const ran = await contract(root, [...WISH, ...values, '--yes', '--install', '--run', ...GRANTS], cwd);
    expect(ran).toMatchObject({ status: 0 });
    expect(ran.out.trimEnd().split('\n').at(-1)).toBe('true');
  });

  it('in a terminal is asked for, question by question', async () => {
    const root = await newMachine(registry);
    const [no, yes, install] = [newFolder(), newFolder(), newFolder()];
    expect(await contract(root, WISH, no, 'ACME\nme@example.com\nn\n')).toMatchObject({ status: 2 });
    expect(readdirSync(no)).toEqual([]);
    expect(await contract(root, WISH, yes, 'ACME\nme@example.com\ny\n')).toMatchObject({ status: 0 });
    expect(parseBlueprint(readFileSync(join(yes, 'agent.toml'), 'utf8'), 'a').input.schema).toBeUndefined();
    expect(await installedOn(root)).toEqual([]);
    expect(await contract(root, WISH, install, '\n\ni\ny\nn\n')).toMatchObject({ status: 0 });
    expect(await installedOn(root)).toMatchObject([{ name: 'stock-prices' }]);
  });
});

describe('with a model', { timeout: 90_000 }, () => {
  it('drafts what the model says where it holds, with what only the person can have said', async () => {
    const root = await newMachine(registry, models.url, 'good');
    const facts = json(await contract(root, [...WISH, 'to', 'ada@example.com', '--json']));
    expect(facts).toMatchObject({
      drafted_by: 'model',
      proven: true,
      questions: ['Which stocks do you hold?'],
      open: [{ name: 'symbol' }],
    });
    expect(facts.blueprint).toContain('when = "{{ price.output.price > 100 }}"');
    expect(facts.blueprint).toContain('to = "ada@example.com"');
    expect(await installedOn(root)).toEqual([]);
    const [first] = models.asked('good');
    const [system, user] = (first?.body.messages ?? []) as readonly JsonObject[];
    expect(system?.content).not.toContain('grant network');
    expect(isJsonObject(JSON.parse(String(user?.content)))).toBe(true);
    const audit = readdirSync(join(root, 'audit'))
      .map((name) => readFileSync(join(root, 'audit', name), 'utf8'))
      .join('');
    expect(audit).toContain('context.ai.complete');
  });

  it.each([
    ['hallucinates', 'stock-oracle.predict', 3],
    ['weakens', 'grants', 3],
    ['garbage', 'no JSON', 1],
    ['broken', 'unavailable', 1],
  ])('one that %s is refused, and search and templates are used', async (name, reason, calls) => {
    const root = await newMachine(registry, models.url, name);
    const before = models.asked(name).length;
    const facts = await drafted(root);
    expect(facts).toMatchObject({ drafted_by: 'templates', proven: true });
    const notes = (facts.notes as readonly string[]).join('\n');
    expect(notes).toContain(reason);
    expect(notes).toContain('search and templates were used');
    expect(models.asked(name).length - before).toBe(calls);
    for (const word of ['oracle', 'evil', '*"]', 'endorse', 'declassify']) expect(facts.blueprint).not.toContain(word);
    expect(await installedOn(root)).toEqual([]);
  });

  it('one that does not answer is waited for so long, and that is said', async () => {
    const root = await newMachine(registry, models.url, 'silent');
    const facts = await drafted(root, '--timeout', '300');
    expect(facts).toMatchObject({ drafted_by: 'templates', proven: true });
    expect((facts.notes as readonly string[]).join('\n')).toMatch(/timeout.*search and templates were used/s);
  });

  it('--no-model asks none', async () => {
    const root = await newMachine(registry, models.url, 'good');
    const before = models.requests.length;
    expect(await drafted(root, '--no-model')).toMatchObject({ drafted_by: 'templates' });
    expect(models.requests.length).toBe(before);
  });
});
