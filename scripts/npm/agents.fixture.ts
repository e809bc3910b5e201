// One agent in each language, a call of each, and what comes back.

export type LanguageCase = {
  readonly file: string;
  readonly source: string;
  readonly name: string;
  readonly args: object;
  readonly output: unknown;
};

const parameters = `{ type: 'object', properties: { who: { type: 'string' } } }`;

/** What is written out; WebAssembly is copied from the skills, and executables need their bit. */
export const LANGUAGES: readonly LanguageCase[] = [
  {
    file: 'python.py',
    source: `import sys\nAGENT = {"name": "in-python", "description": "Greets."}\ndef run(context, who):\n    return f"Hello, {who}"\n`,
    name: 'in-python',
    args: { who: 'you' },
    output: 'Hello, you',
  },
  {
    file: 'lisp.lispy',
    source: `(def AGENT {:name "in-lispy" :description "Greets."})\n(defn run [context who] (str "Hello, " who))\n`,
    name: 'in-lispy',
    args: { who: 'you' },
    output: 'Hello, you',
  },
  {
    file: 'script.mjs',
    source: `export const AGENT = { name: 'in-javascript', description: 'Greets.', parameters: ${parameters} };\nexport const run = (context, { who }) => \`Hello, \${who}\`;\n`,
    name: 'in-javascript',
    args: { who: 'you' },
    output: 'Hello, you',
  },
  {
    file: 'typed.ts',
    source: `type Args = { readonly who: string };\nexport const AGENT = { name: 'in-typescript', description: 'Greets.', parameters: ${parameters} };\nexport const run = (context: object, { who }: Args): string => \`Hello, \${who}\`;\n`,
    name: 'in-typescript',
    args: { who: 'you' },
    output: 'Hello, you',
  },
  {
    file: 'moon.lua',
    source: `AGENT = { name = "in-lua", description = "Greets." }\nfunction run(context, args) return "Hello, " .. args.who end\n`,
    name: 'in-lua',
    args: { who: 'you' },
    output: 'Hello, you',
  },
];

export const EXECUTABLE: LanguageCase = {
  file: 'shell',
  source: `#!/bin/sh\nif [ "$1" = --agent ]; then echo '{"name": "in-shell", "description": "Greets."}'; else echo '"Hello from a shell"'; fi\n`,
  name: 'in-shell',
  args: {},
  output: 'Hello from a shell',
};

/** A function of the bundled skill `checksums`: the checksum of a text that is known from elsewhere. */
export const COMPONENT: Omit<LanguageCase, 'source'> = {
  file: 'component.wasm',
  name: 'crc32',
  args: { data: Buffer.from('123456789').toString('base64') },
  output: 0xcbf43926,
};
