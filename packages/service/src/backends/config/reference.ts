// docs/reference/config.md, made of the same data that the configuration is read with.

import { TOKENS_VARIABLE } from './read-values.ts';
import { environmentOf, SECTIONS, type Section } from './sections.ts';
import type { Setting } from './setting.ts';
import { toText } from './show.ts';
import { TOKEN_KEYS, TOKENS_EXAMPLE } from './tokens.ts';

const HEAD = `<!-- Made by packages/service/src/backends/config/reference.ts; write it anew with: npx vitest run packages/service/src/backends/config -u -->
# pypes.toml

The service reads \`pypes.toml\`: the file that \`--config\` or \`PYPES_CONFIG\` names, else the one in the current folder, else the one below the root. All of it may be left out. Every setting has an environment variable, which goes before the file. Paths in the file begin where the file is, those in the environment in the current folder; lists in the environment have commas between their items.

\`pypes config check\` says what is wrong with it, with line and column. \`pypes config show\` shows what counts, and where each value came from.

The file holds no secrets: where one is needed, it names the environment variable that has it.
`;

/** The whole text. */
export function toReference(): string {
  const sections = Object.entries<Section>(SECTIONS).map(([name, section]) => toSection(name, section));
  return `${HEAD}\n${sections.join('\n')}`;
}

function toSection(name: string, { about, settings }: Section): string {
  const rows = Object.entries(settings).map(([key, setting]) => [
    `\`${key}\``,
    code(setting.takes),
    defaultOf(setting),
    `\`${environmentOf(name, key)}\``,
    code(setting.about),
  ]);
  const table = toTable(['key', 'takes', 'default', 'environment', ''], rows);
  return `## [${name}]\n\n${about}\n\n${table}\n${name === 'auth' ? `\n${tokens()}` : ''}`;
}

function tokens(): string {
  const rows = TOKEN_KEYS.map(({ name, takes, about }) => [`\`${name}\``, code(takes), code(about)]);
  return `### [[auth.token]]

One table for each token. \`${TOKENS_VARIABLE}\` goes before all of them: \`${TOKENS_EXAMPLE}\`

${toTable(['key', 'takes', ''], rows)}
`;
}

function defaultOf({ initial, initially }: Setting<unknown>): string {
  if (initially !== undefined) return initially;
  const text = toText(initial);
  return text === '' || text === '[]' || text === '{}' ? 'none' : `\`${text}\``;
}

/** What would end a cell. */
function code(text: string): string {
  return text.replaceAll('|', '\\|');
}

function toTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
}
