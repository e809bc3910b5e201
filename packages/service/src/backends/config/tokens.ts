// The tokens of [auth], which lie in the file as digests or as names of environment variables, never as themselves.
import { createHash } from 'node:crypto';
import { isPypesError, toTenant } from '@pypes/contract';
import { RUNS_SCOPES, type RunsScope } from '@pypes/contract/runs';
import { type Located, type LocatedTable, type Note, readTable, readToml, toChoice, toTexts } from '@pypes/host/toml';

/** A token as the service knows it. */
export type ConfigToken = {
  readonly name: string;
  /** Of the token's bytes, in hexadecimal digits. */
  readonly sha256: string;
  /** The environment variable that it was found in. */
  readonly env?: string;
  readonly scopes: readonly RunsScope[];
  /** Whom it may act for; `*` is everybody. Empty: calls without a tenant alone. */
  readonly tenants: readonly string[];
};

/** What a token's table takes, for the reference. */
export const TOKEN_KEYS: readonly { readonly name: string; readonly takes: string; readonly about: string }[] = [
  { name: 'name', takes: 'a text', about: 'What logs call its holder. No two tokens have the same.' },
  {
    name: 'sha256',
    takes: '64 hexadecimal digits',
    about: 'The SHA-256 of the token: `printf %s "$TOKEN" | sha256sum`.',
  },
  {
    name: 'env',
    takes: 'the name of an environment variable',
    about: 'In the place of `sha256`: which variable holds the token, at least 16 characters.',
  },
  {
    name: 'scopes',
    takes: `a list of ${RUNS_SCOPES.map((scope) => `\`"${scope}"\``).join(', ')}`,
    about: 'What it may do. `"admin"` is all of it.',
  },
  {
    name: 'tenants',
    takes: 'a list of names of tenants, or `["*"]`',
    about: 'Whom it may act for. Left out: calls without a tenant alone.',
  },
];

const NAMES = TOKEN_KEYS.map(({ name }) => name);
const SECRET_KEYS = new Set(['token', 'value', 'secret', 'password', 'key']);
const LEAST_CHARACTERS = 16;

/** What the environment variable for all tokens is written as. */
export const TOKENS_EXAMPLE = '[{name = "ci", env = "CI_TOKEN", scopes = ["runs:read"]}]';

const BEFORE = 'tokens = ';

/** Tokens from the text of an environment variable; whatever is wrong with it, it is not repeated: it may be a token. */
export function parseTokens(given: string, variable: string, note: Note): Located | undefined {
  const { table, problems } = readToml(BEFORE + given, variable);
  const found = problems.length === 0 ? table.entries.get('tokens')?.value : undefined;
  if (found?.kind === 'list') return found;
  note(
    { path: variable, line: 0, column: 0 },
    `It takes a list of tables, such as ${TOKENS_EXAMPLE}; it never holds a token`,
  );
  return undefined;
}

/** Takes notes about such a text at the columns that it has itself. */
export function noteBehind(note: Note): Note {
  return ({ path, line, column }, message) =>
    note({ path, line, column: line === 1 ? Math.max(1, column - BEFORE.length) : column }, message);
}

/** Reads `[[auth.token]]`. */
export function readTokens(
  list: Located,
  environment: { readonly [name: string]: string | undefined },
  note: Note,
): readonly ConfigToken[] {
  if (list.kind !== 'list') {
    note(list.where, 'Tokens are a list of tables, write [[auth.token]]');
    return [];
  }
  const tokens: ConfigToken[] = [];
  for (const item of list.items) {
    const table = withoutSecrets(item, note);
    const token = table === undefined ? undefined : readToken(table, environment, note);
    if (token === undefined) continue;
    const twin = tokens.find(({ name, sha256 }) => name === token.name || sha256 === token.sha256);
    if (twin === undefined) tokens.push(token);
    else if (twin.name === token.name) note(item.where, `Two tokens are named "${token.name}"; rename one`);
    else note(item.where, `The tokens "${twin.name}" and "${token.name}" are the same; make another one`);
  }
  return tokens;
}

/** The token itself does not belong here, whatever its key is called; it is taken out before anything repeats it. */
function withoutSecrets(item: Located, note: Note): LocatedTable | undefined {
  if (item.kind !== 'table') return readTable(item, '[[auth.token]]', NAMES, note);
  const kept = [...item.entries].filter(([key, { where }]) => {
    if (!SECRET_KEYS.has(key.toLowerCase())) return true;
    note(
      where,
      `"${key}" would hold the token itself, which a file must not; write sha256 = its digest, or env = the name of the environment variable that holds it`,
    );
    return false;
  });
  return readTable({ ...item, entries: new Map(kept) }, '[[auth.token]]', NAMES, note);
}

function readToken(
  table: LocatedTable,
  environment: { readonly [name: string]: string | undefined },
  note: Note,
): ConfigToken | undefined {
  const name = readName(table, note);
  const digest = readDigest(table, environment, note);
  const scopes = readScopes(table, note);
  const tenants = readTenants(table, note);
  return name === undefined || digest === undefined ? undefined : { name, ...digest, scopes, tenants };
}

function readName(table: LocatedTable, note: Note): string | undefined {
  const value = table.entries.get('name')?.value;
  if (value?.kind === 'text' && /^[\w.@-]{1,64}$/.test(value.value)) return value.value;
  note(value?.where ?? table.where, 'A token needs a name: letters, digits, ".", "_", "@" and "-", at most 64');
  return undefined;
}

function readDigest(
  table: LocatedTable,
  environment: { readonly [name: string]: string | undefined },
  note: Note,
): Pick<ConfigToken, 'sha256' | 'env'> | undefined {
  const [digest, variable] = [table.entries.get('sha256')?.value, table.entries.get('env')?.value];
  if ((digest === undefined) === (variable === undefined)) {
    note(table.where, 'A token needs either sha256, its digest, or env, the environment variable that holds it');
    return undefined;
  }
  if (digest !== undefined) {
    if (digest.kind === 'text' && /^[0-9a-f]{64}$/i.test(digest.value)) return { sha256: digest.value.toLowerCase() };
    note(digest.where, 'sha256 takes the 64 hexadecimal digits of the digest, never the token itself');
    return undefined;
  }
  if (variable?.kind !== 'text' || !/^[A-Za-z_][A-Za-z0-9_]{0,127}$/.test(variable.value)) {
    note(variable?.where ?? table.where, 'env takes the name of an environment variable, never the token itself');
    return undefined;
  }
  const token = environment[variable.value] ?? '';
  if (token === '')
    note(variable.where, `The environment variable ${variable.value} is not set; it has to hold the token`);
  else if (token.length < LEAST_CHARACTERS || !/^[\x21-\x7e]+$/.test(token)) {
    note(
      variable.where,
      `The environment variable ${variable.value} holds no token: at least ${LEAST_CHARACTERS} visible characters, such as of: openssl rand -hex 32`,
    );
  } else return { sha256: createHash('sha256').update(token).digest('hex'), env: variable.value };
  return undefined;
}

function readScopes(table: LocatedTable, note: Note): readonly RunsScope[] {
  const value = table.entries.get('scopes')?.value;
  const scopes = value === undefined ? [] : toTexts(value, 'scopes', note);
  if (value === undefined || (value.kind === 'list' && value.items.length === 0)) {
    note(value?.where ?? table.where, `A token needs scopes, some of ${RUNS_SCOPES.join(', ')}`);
  }
  return [...new Set(scopes.flatMap((scope) => toChoice(RUNS_SCOPES, scope, 'scopes', note) ?? []))];
}

function readTenants(table: LocatedTable, note: Note): readonly string[] {
  const value = table.entries.get('tenants')?.value;
  if (value === undefined) return [];
  const tenants = toTexts(value, 'tenants', note).filter(({ value: name, where }) => {
    if (name === '*') return true;
    try {
      return toTenant(name) !== undefined;
    } catch (error) {
      if (!isPypesError(error)) throw error;
      note(where, error.message);
      return false;
    }
  });
  return [...new Set(tenants.map((tenant) => tenant.value))];
}
