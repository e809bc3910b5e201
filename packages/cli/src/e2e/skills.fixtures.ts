// What the tests of skills share: the command line as a process, skill folders, a registry that is served.
import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { JsonObject } from '@pypes/contract';
import { buildComponent, PRELUDE } from '../../../runtimes/src/component/testing/build.ts';
import { PYPES } from './command.ts';
import { newFolder } from './server.ts';

/** How a command ended. */
export type Ran = { readonly status: number | null; readonly out: string; readonly err: string };

/** Runs `pypes`; standard input is empty unless given. */
export function pypes(
  args: readonly string[],
  options: { readonly cwd?: string; readonly input?: string; readonly env?: Record<string, string> } = {},
): Promise<Ran> {
  return collect(
    spawn(process.execPath, [PYPES, ...args], {
      cwd: options.cwd ?? newFolder(),
      env: { ...process.env, ...options.env },
    }),
    options.input ?? '',
  );
}

/** Runs `pypes` in a terminal, where a person types `input`. */
export function pypesInTerminal(args: readonly string[], input: string): Promise<Ran> {
  const line = [process.execPath, PYPES, ...args].map((word) => `'${word}'`).join(' ');
  return collect(spawn('script', ['-qefc', line, '/dev/null'], { cwd: newFolder(), env: process.env }), input);
}

function collect(child: ChildProcess, input: string): Promise<Ran> {
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout?.on('data', (bytes: Buffer) => out.push(bytes));
  child.stderr?.on('data', (bytes: Buffer) => err.push(bytes));
  child.stdin?.end(input);
  return new Promise((done, failed) => {
    child.once('error', failed);
    child.once('close', (status) =>
      done({ status, out: Buffer.concat(out).toString(), err: Buffer.concat(err).toString() }),
    );
  });
}

/** What a command printed with `--json`. */
export const json = ({ out }: Ran): JsonObject => JSON.parse(out) as JsonObject;

/** WIT of a skill that greets. `more` adds functions. */
export const greeterWit = (more = ''): string => `package acme:greeter@1.0.0;

interface api {
  /// Says the same again.
  greet: func(who: string) -> string;
${more}}

world greeter { export api; }
`;

const api = (name: string) => `(export "acme:greeter/api@1.0.0#${name}")`;

/** A component that answers `greet` with its argument; `mark` makes its bytes differ, `more` adds functions. */
export function greeter(
  mark: string,
  more: { readonly wit?: string; readonly wat?: string } = {},
): Promise<Uint8Array> {
  return buildComponent(
    greeterWit(more.wit),
    'greeter',
    `(module ${PRELUDE}
 (data (i32.const 1024) "${mark}")
 (func ${api('greet')} (param i32 i32) (result i32)
   (i32.store (i32.const 16) (local.get 0)) (i32.store (i32.const 20) (local.get 1)) (i32.const 16))
 ${more.wat ?? ''})`,
  );
}

/** A second function, which an update brings. */
export const TWICE = {
  wit: '  twice: func(n: u32) -> u32;\n',
  wat: `(func ${api('twice')} (param i32) (result i32) (i32.mul (local.get 0) (i32.const 2)))`,
};

/** Writes a skill's folder. */
export async function writeSkill(
  folder: string,
  options: {
    readonly version: string;
    readonly component?: Uint8Array;
    readonly wit?: string;
    readonly files?: { readonly [name: string]: string };
    /** Further lines of the manifest. */
    readonly manifest?: string;
    readonly name?: string;
  },
): Promise<string> {
  mkdirSync(folder, { recursive: true });
  const { version, component, wit, files = {}, manifest = '', name = 'greeter' } = options;
  writeFileSync(
    join(folder, 'manifest.toml'),
    `[package]\nname = "${name}"\nversion = "${version}"\ndescription = "Greets people"\nlicense = "Apache-2.0"\n${
      component === undefined ? '' : '[interface]\nworld = "greeter"\n'
    }${manifest}${toChecksums(component, wit)}`,
  );
  if (component !== undefined) writeFileSync(join(folder, 'component.wasm'), component);
  if (wit !== undefined) writeFileSync(join(folder, 'interface.wit'), wit);
  for (const [path, text] of Object.entries(files)) writeFileSync(join(folder, path), text);
  return folder;
}

function toChecksums(component: Uint8Array | undefined, wit: string | undefined): string {
  const digest = (what: Uint8Array | string) => `sha256:${createHash('sha256').update(what).digest('hex')}`;
  return [
    '[checksums]',
    ...(component === undefined ? [] : [`component = "${digest(component)}"`]),
    ...(wit === undefined ? [] : [`interface = "${digest(wit)}"`]),
    '',
  ].join('\n');
}

/** A registry of the tests: its folder, its keys, and where it is served. */
export type TestRegistry = { readonly folder: string; readonly keys: string; readonly url: string; stop(): void };

const running = new Set<ChildProcess>();

/** Ends every registry that a test left running. */
export function stopRegistries(): void {
  for (const child of running) child.kill('SIGKILL');
}

/** `pypes registry init` and `serve`. */
export async function startRegistry(): Promise<TestRegistry> {
  const base = newFolder();
  const [folder, keys] = [join(base, 'registry'), join(base, 'keys')];
  const made = await pypes(['registry', 'init', folder, '--keys', keys]);
  if (made.status !== 0) throw new Error(made.err);
  const child = spawn(process.execPath, [PYPES, 'registry', 'serve', folder, '--port', '0', '--json'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  running.add(child);
  const url = await new Promise<string>((started, failed) => {
    createInterface({ input: child.stdout as NodeJS.ReadableStream }).once('line', (line) =>
      started(String((JSON.parse(line) as JsonObject).url)),
    );
    child.once('exit', (code) => failed(new Error(`pypes registry serve ended with ${code}`)));
  });
  return {
    folder,
    keys,
    url,
    stop() {
      running.delete(child);
      child.kill('SIGKILL');
    },
  };
}
