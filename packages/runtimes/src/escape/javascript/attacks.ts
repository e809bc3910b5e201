// Sandboxed JavaScript under attack.
import { createJavascriptSandbox } from '../../javascript/index.ts';
import { createAttacks } from '../attacker.ts';

/** An agent whose run does `body`. */
export const js = (body: string, top = ''): string =>
  `${top}\nexport const AGENT = { name: 'attack' };\nexport async function run(context, args) {\n${body}\n}`;

export const jsAttacks = () =>
  createAttacks(
    () => createJavascriptSandbox(),
    '.mjs',
    "export const AGENT = { name: 'bystander' };\nexport const run = (context, { n }) => n;",
  );
