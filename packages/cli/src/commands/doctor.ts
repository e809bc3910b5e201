// pypes doctor: what this machine offers, what is missing, what that costs and how to get it.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { access, constants, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import { EXIT } from '../exit.ts';
import { DEFAULT_ROOT } from '../local.ts';
import { commandFor, findPartPlaces, type PartPlaces } from '../parts/places.ts';
import { type PartState, readParts } from '../parts/state.ts';
import { style, toTable } from '../style.ts';

type Finding = {
  readonly part: string;
  readonly found: string | undefined;
  /** Whether Pypes cannot do its work without it. */
  readonly needed: boolean;
  readonly costs: string;
  readonly get: string;
};

/** Adds the command. */
export function registerDoctor(program: Command): void {
  program
    .command('doctor')
    .summary('what this machine offers')
    .description('Says what this machine has, what is missing, what that costs and how to get it.')
    .option('--json', 'as JSON')
    .action(doctor);
}

async function doctor(options: { readonly json?: boolean }): Promise<void> {
  const findings = await examine();
  const missing = findings.filter((finding) => finding.needed && finding.found === undefined);
  if (options.json === true) console.log(JSON.stringify({ status: missing.length === 0 ? 'ok' : 'missing', findings }));
  else console.log(toText(findings));
  if (missing.length > 0) process.exitCode = EXIT.usage;
}

async function examine(): Promise<readonly Finding[]> {
  const places = findPartPlaces();
  return [
    ...(await examineMachine(places)),
    ...readParts(places).map((part) => toFinding(part, places)),
    // Whoever installed the package has no tests to run.
    ...(places === undefined ? examineTestTools() : []),
  ];
}

async function examineMachine(places: PartPlaces | undefined): Promise<readonly Finding[]> {
  return [
    {
      part: 'Node',
      found: process.versions.node,
      needed: true,
      costs: 'nothing runs',
      get: 'install Node 24 or newer; in the project itself, npm ci brings it',
    },
    {
      part: 'Python',
      found: versionOf(process.env.PYPES_PYTHON ?? 'python3'),
      needed: false,
      costs: 'Python agents are quarantined',
      get: 'apt-get install python3, brew install python, or set PYPES_PYTHON',
    },
    {
      part: 'data folder',
      found: await writable(DEFAULT_ROOT),
      needed: true,
      costs: 'packs and memory cannot be kept',
      get: `make ${DEFAULT_ROOT} writable, or choose another with --root or PYPES_ROOT`,
    },
    {
      part: 'Chromium',
      found: await chromium(),
      needed: false,
      costs: 'context.session has no page, and the tests in a browser are skipped',
      get: 'apt-get install chromium, or set PYPES_CHROMIUM',
    },
    {
      part: 'bubblewrap',
      ...(await bubblewrap()),
      needed: false,
      costs: "strangers' Python runs in Pyodide instead: slower, and without packages",
    },
    {
      part: 'workerd',
      found: await workerd(),
      needed: false,
      costs: "strangers' Python does not run where bubblewrap is missing too",
      get: howToGet('pyodide', places),
    },
    {
      part: 'vault key',
      found: await vaultKey(),
      needed: false,
      costs: 'context.vault and the keys of model providers cannot be opened',
      get: 'pypes vault init, or set PYPES_VAULT_KEY',
    },
    {
      part: 'models',
      found: existsSync(join(DEFAULT_ROOT, 'ai.json')) ? join(DEFAULT_ROOT, 'ai.json') : undefined,
      needed: false,
      costs: 'context.ai and /v1/chat/completions answer that no model is configured',
      get: `write ${join(DEFAULT_ROOT, 'ai.json')}, see docs/guide/ai.md`,
    },
  ];
}

function examineTestTools(): readonly Finding[] {
  return [
    {
      part: 'OCI registry',
      found: versionOf('docker-registry'),
      needed: false,
      costs: 'nothing here: only the tests against a real OCI registry are skipped',
      get: 'apt-get install docker-registry',
    },
    {
      part: 'clang for WebAssembly',
      found: versionOf('clang-19') ?? versionOf('clang'),
      needed: false,
      costs: 'nothing here: only the test that compiles the C of the guide is skipped',
      get: 'apt-get install clang-19 lld-19',
    },
  ];
}

function toFinding({ name, state, versions, purpose, without }: PartState, places: PartPlaces | undefined): Finding {
  const inside = Object.entries(versions).map(([each, version]) => `${each} ${version}`);
  return {
    part: `part ${name}`,
    found: state === 'here' || state === 'added' ? inside.join(', ') : undefined,
    needed: false,
    costs: `${state === 'outdated' ? 'it was added by another version of Pypes; ' : ''}${without} (${purpose})`,
    get: howToGet(name, places),
  };
}

function howToGet(part: string, places: PartPlaces | undefined): string {
  return places === undefined ? 'npm ci, where there is a build for the machine' : commandFor(part);
}

/** Tried, not only looked for: a kernel may forbid what the program needs. */
async function bubblewrap(): Promise<{ readonly found: string | undefined; readonly get: string }> {
  const { findBubblewrap } = await import('@pypes/runtimes/python');
  const { path, works, reason } = await findBubblewrap();
  const get = 'apt-get install bubblewrap';
  return works
    ? { found: path, get }
    : { found: undefined, get: reason === undefined ? get : `${get}; now: ${reason}` };
}

async function workerd(): Promise<string | undefined> {
  const { findWorkerd } = await import('@pypes/runtimes/python');
  return findWorkerd();
}

async function chromium(): Promise<string | undefined> {
  const { findChromium } = await import('@pypes/capabilities/session');
  const found = findChromium();
  if (found === undefined) return undefined;
  return found.sandboxed ? found.path : `${found.path} (as root, its own sandbox is off)`;
}

async function vaultKey(): Promise<string | undefined> {
  const { findVaultKey } = await import('@pypes/service/vault-key');
  const found = await findVaultKey({ root: DEFAULT_ROOT, env: process.env }).catch(() => undefined);
  return found?.source;
}

function versionOf(command: string): string | undefined {
  const { status, stdout, stderr } = spawnSync(command, ['--version'], { encoding: 'utf8', timeout: 10_000 });
  return status === 0 ? (stdout || stderr).trim().split('\n')[0] : undefined;
}

async function writable(folder: string): Promise<string | undefined> {
  try {
    await mkdir(folder, { recursive: true });
    await access(folder, constants.W_OK);
    return folder;
  } catch {
    return undefined;
  }
}

function toText(findings: readonly Finding[]): string {
  return findings
    .flatMap(({ part, found, needed, costs, get }) => {
      const mark =
        found !== undefined ? style('green', 'ok') : style(needed ? 'red' : 'yellow', needed ? 'missing' : 'absent');
      const first = toTable([[mark, part, found ?? `without it: ${costs}`]]);
      return found === undefined ? [first, `    get it: ${get}`] : [first];
    })
    .join('\n');
}
