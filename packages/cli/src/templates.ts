// The agents that `pypes new` writes: the contract in each language, and nothing more.

/** A new file. */
export type Template = {
  readonly filename: (name: string) => string;
  readonly source: (name: string) => string;
  readonly executable?: boolean;
};

const python = (name: string) => `AGENT = {
    "name": "${name}",
    "description": "Greets someone.",
    "parameters": {
        "type": "object",
        "properties": {"who": {"type": "string", "description": "Who is greeted"}},
        "required": ["who"],
    },
    "examples": [{"args": {"who": "world"}, "returns": "Hello, world!"}],
}


def run(context, who):
    return f"Hello, {who}!"
`;

const javascript = (name: string) => `export const AGENT = {
  name: '${name}',
  description: 'Greets someone.',
  parameters: {
    type: 'object',
    properties: { who: { type: 'string', description: 'Who is greeted' } },
    required: ['who'],
  },
  examples: [{ args: { who: 'world' }, returns: 'Hello, world!' }],
};

export function run(context, { who }) {
  return \`Hello, \${who}!\`;
}
`;

const typescript = (name: string) =>
  javascript(name).replace('run(context, { who })', 'run(_context: unknown, { who }: { who: string }): string');

const lispy = (name: string) => `(def AGENT
  {:name "${name}"
   :description "Greets someone."
   :parameters {:type "object"
                :properties {:who {:type "string" :description "Who is greeted"}}
                :required ["who"]}
   :examples [{:args {:who "world"} :returns "Hello, world!"}]})

(defn run [context who]
  (str "Hello, " who "!"))
`;

const lua = (name: string) => `AGENT = {
  name = "${name}",
  description = "Greets someone.",
  parameters = {
    type = "object",
    properties = { who = { type = "string", description = "Who is greeted" } },
    required = { "who" },
  },
  examples = { { args = { who = "world" }, returns = "Hello, world!" } },
}

function run(context, args)
  return "Hello, " .. args.who .. "!"
end
`;

const executable = (name: string) => `#!/bin/sh
# The arguments come as JSON on standard input, the result goes as JSON to standard output.
if [ "$1" = "--agent" ]; then
  cat <<'AGENT'
{"name": "${name}", "description": "Counts the bytes of its arguments.",
 "parameters": {"type": "object", "properties": {"who": {"type": "string"}}, "required": ["who"]},
 "examples": [{"args": {"who": "world"}, "returns": {"bytes": 15}}]}
AGENT
  exit 0
fi
printf '{"bytes": %s}' "$(wc -c)"
`;

/** By the name that --lang takes. */
export const TEMPLATES: { readonly [language: string]: Template } = {
  python: { filename: (name) => `${name.replaceAll('-', '_')}.py`, source: python },
  lispy: { filename: (name) => `${name}.lispy`, source: lispy },
  javascript: { filename: (name) => `${name}.mjs`, source: javascript },
  typescript: { filename: (name) => `${name}.ts`, source: typescript },
  lua: { filename: (name) => `${name}.lua`, source: lua },
  executable: { filename: (name) => name, source: executable, executable: true },
};
