// Sandboxed JavaScript under attack: in threads, and in the host's own isolate.
import type { Runtime } from '@pypes/contract';
import { createJavascriptSandbox } from '../../javascript/index.ts';
import { createInlineJavascript } from '../../javascript/inline/index.ts';
import { compileInlineModules } from '../../testing/inline-modules.ts';
import { BY_CLOCK, BY_CPU, createAttacks, INLINE_LIMITS } from '../attacker.ts';

/** An agent whose run does `body`. */
export const js = (body: string, top = ''): string =>
  `${top}\nexport const AGENT = { name: 'attack' };\nexport async function run(context, args) {\n${body}\n}`;

const open = (makeRuntime: () => Runtime) =>
  createAttacks(
    makeRuntime,
    '.mjs',
    "export const AGENT = { name: 'bystander' };\nexport const run = (context, { n }) => n;",
  );

export const JS_SANDBOXES = [
  { name: 'in threads', open: () => ({ ...open(() => createJavascriptSandbox()), atTimeLimit: BY_CLOCK }) },
  {
    name: 'inline',
    open: () => ({
      ...open(() => createInlineJavascript(compileInlineModules(), INLINE_LIMITS)),
      atTimeLimit: BY_CPU,
    }),
  },
];
