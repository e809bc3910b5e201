// A component that evaluates the script that it is given, with all of WASI at hand: attacks in one line each.
import { buildScript } from './script.ts';
import { WASI_WIT } from './wasi-wit.ts';

const INTERFACES = {
  environment: 'cli/environment',
  exit: 'cli/exit',
  stdin: 'cli/stdin',
  stdout: 'cli/stdout',
  stderr: 'cli/stderr',
  clock: 'clocks/monotonic-clock',
  wall: 'clocks/wall-clock',
  random: 'random/random',
  preopens: 'filesystem/preopens',
  poll: 'io/poll',
};

/** `evaluate` gives the JSON text of what the code is. \`environment\`, \`stdout\` and so on are interfaces of WASI. */
export const evaluating = () =>
  buildScript(
    `package test:evaluating@1.0.0;
world evaluating {
  ${Object.values(INTERFACES)
    .map((path) => `import wasi:${path}@0.2.12;`)
    .join('\n  ')}
  export evaluate: func(code: string) -> string;
}
${WASI_WIT}`,
    'evaluating',
    `${Object.entries(INTERFACES)
      .map(([name, path]) => `import ${name} from 'wasi:${path}@0.2.12';`)
      .join('\n')}
const bytes = (text) => Uint8Array.from(text, (c) => c.charCodeAt(0));
export function evaluate(code) { return JSON.stringify(eval(code)) ?? 'undefined'; }`,
  );

/** The same without WASI: what the engine itself asks of it traps. */
export const stubbed = () =>
  buildScript(
    'package test:stubbed@1.0.0; world stubbed { export evaluate: func(code: string) -> string; }',
    'stubbed',
    "export function evaluate(code) { return JSON.stringify(eval(code)) ?? 'undefined'; }",
    { stubWasi: true },
  );
