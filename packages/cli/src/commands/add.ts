// pypes add mcp: another MCP server's tools as a pack, after a person has seen them.
import { createInterface } from 'node:readline/promises';
import { PypesError } from '@pypes/contract';
import type { MountReview, ServerAddress } from '@pypes/service/mcp-packs';
import type { Command } from 'commander';
import { collect } from '../input.ts';
import { DEFAULT_ROOT } from '../local.ts';
import { style } from '../style.ts';

type AddOptions = {
  readonly url?: string;
  readonly tokenEnv?: string;
  readonly env: readonly string[];
  readonly update?: boolean;
  readonly remove?: boolean;
  readonly yes?: boolean;
  readonly root: string;
  readonly json?: boolean;
};

const VARIABLE = /^[A-Za-z_][A-Za-z0-9_]*$/;
const LONGEST_LINE = 160;
// What a server wrote is shown on a terminal: nothing in it may steer one.
const UNSEEN = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\u2028\u2029]+/gu;

/** Adds the command. */
export function registerAdd(program: Command): void {
  program
    .command('add')
    .summary('mount what others offer as packs')
    .description('Mounts what others offer as packs.')
    .command('mcp')
    .summary("mount an MCP server's tools as a pack")
    .description(
      'Asks an MCP server for its tools, shows them, and mounts them as the pack NAME once you agree. Each tool is pinned: one that changes afterwards is refused, with the difference, until --update is agreed to. A COMMAND runs on this machine with the rights of this account.',
    )
    .argument('<name>', 'what the pack is called')
    .argument('[command...]', 'starts the server: -- npx -y some-server')
    .option('--url <url>', 'a server over HTTP')
    .option('--token-env <variable>', 'the variable that holds the token for --url')
    .option('--env <variable>', 'a variable that COMMAND gets, beside PATH, HOME and the like', collect, [])
    .option('--update', 'look again at a mounted server')
    .option('--remove', 'take the pack out')
    .option('--yes', 'do not ask')
    .option('--root <folder>', 'where packs are kept', DEFAULT_ROOT)
    .option('--json', 'as JSON')
    .exitOverride()
    .action(add);
}

async function add(name: string, command: readonly string[], options: AddOptions): Promise<void> {
  const { reviewServer, unmountServer } = await import('@pypes/service/mcp-packs');
  if (options.remove === true) {
    await unmountServer(options.root, name);
    say(options, { status: 'ok', removed: name }, [`Took out ${name}`]);
    return;
  }
  const address = addressOf(command, options);
  if (address === undefined && options.update !== true) {
    throw new PypesError(
      'invalid_request',
      'Say where the server is: --url, or -- COMMAND; --update looks again at a mounted one',
    );
  }
  const review = await reviewServer(options.root, name, address);
  const facts = factsOf(name, review);
  if (options.json !== true) for (const line of linesOf(review)) console.log(line);
  if (!(await isAgreed(options))) {
    say(options, { status: 'ok', ...facts, mounted: false }, ['Nothing was mounted']);
    return;
  }
  const { pack_guid } = await review.accept();
  say(options, { status: 'ok', ...facts, mounted: true, pack_guid }, [
    `Mounted ${name} (${pack_guid}) with ${review.tools.length} tools`,
  ]);
}

function addressOf(command: readonly string[], { url, tokenEnv, env }: AddOptions): ServerAddress | undefined {
  for (const variable of [...env, ...(tokenEnv === undefined ? [] : [tokenEnv])]) {
    if (!VARIABLE.test(variable))
      throw new PypesError('invalid_request', `"${variable}" is no variable: give its name, not its value`);
  }
  const [program, ...args] = command;
  if (url !== undefined && program !== undefined) throw new PypesError('invalid_request', 'Either --url, or a command');
  if (program !== undefined) return { kind: 'command', command: program, args, env };
  if (url === undefined) return undefined;
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed === undefined || !/^https?:$/.test(parsed.protocol) || parsed.username !== '' || parsed.password !== '') {
    throw new PypesError(
      'invalid_request',
      `--url takes the address of an MCP server without a password in it; got "${url}"`,
    );
  }
  return { kind: 'url', url: parsed.href, ...(tokenEnv === undefined ? {} : { token_env: tokenEnv }) };
}

async function isAgreed({ yes, json }: AddOptions): Promise<boolean> {
  if (yes === true) return true;
  if (json === true || !process.stdin.isTTY) return false;
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await prompt.question('Mount these tools? [y/N] ')).trim());
  } finally {
    prompt.close();
  }
}

function factsOf(name: string, { address, tools, gone }: MountReview) {
  return {
    name,
    address,
    tools: tools.map(({ name: tool, change }) => ({ name: tool, change: change.kind, difference: change.lines })),
    gone,
  };
}

function linesOf({ address, tools, gone }: MountReview): readonly string[] {
  const from =
    address.kind === 'url' ? address.url : `the command ${JSON.stringify([address.command, ...address.args])}`;
  const listed = tools.flatMap(({ name, definition, change }) => [
    `  ${style('bold', plain(name))} ${change.kind === 'same' ? '' : `(${change.kind}) `}${plain(String(definition.description ?? ''))}`,
    ...change.lines.map((line) => `      ${plain(line)}`),
  ]);
  return [
    `${tools.length} tools of ${from}. What they read and where they send it, nobody here knows.`,
    ...listed,
    ...gone.map((name) => `  ${plain(name)} (gone)`),
  ];
}

function plain(text: string): string {
  const line = text.replace(UNSEEN, ' ');
  return line.length <= LONGEST_LINE ? line : `${line.slice(0, LONGEST_LINE)}…`;
}

function say({ json }: AddOptions, facts: object, lines: readonly string[]): void {
  if (json === true) console.log(JSON.stringify(facts));
  else for (const line of lines) console.log(line);
}
