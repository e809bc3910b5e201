// One pack with the same agent in every language, and a component: what it answers may not depend on where it runs.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PackBundle } from '@pypes/contract';

export const GUID = '5a1f0c1e-7d0b-4c57-9d5e-2f6a8b9c0d1e';

const PARAMETERS = {
  type: 'object',
  properties: { text: { type: 'string' }, n: { type: 'number' } },
  required: ['text', 'n'],
};
const about = (name: string) => JSON.stringify({ name, description: 'Remembers', parameters: PARAMETERS });
const javascript = (name: string, types = '') => `export const AGENT = ${about(name)};
export async function run(context${types === '' ? '' : ': any'}, { text, n }${types}) {
  const count${types === '' ? '' : ': number'} = ((await context.memory.get('count')) ?? 0) + 1;
  await context.memory.set('count', count);
  return { text, half: n / 2, nothing: null, list: [n, text], count, user: context.user_guid };
}
`;

/** Each is called by its own name, and has nothing of the others but the memory of the user. */
const FILES: { readonly [filename: string]: string } = {
  'in-javascript.mjs': javascript('in-javascript'),
  'in-typescript.ts': javascript('in-typescript', ': { text: string; n: number }'),
  'in-lispy.lispy': `(def AGENT {:name "in-lispy" :description "Remembers"
  :parameters {:type "object" :properties {:text {:type "string"} :n {:type "number"}} :required ["text" "n"]}})
(defn run [context text n]
  (let [count (+ 1 (or (memory-get "count") 0))]
    (memory-set "count" count)
    {:text text :half (/ n 2) :nothing nil :list [n text] :count count :user (get context :user-guid)}))
`,
  'in-lua.lua': `AGENT = { name = "in-lua", description = "Remembers", parameters = { type = "object",
  properties = { text = { type = "string" }, n = { type = "number" } }, required = { "text", "n" } } }
function run(context, args)
  local count = (context.memory.get("count") or 0) + 1
  context.memory.set("count", count)
  return { text = args.text, half = args.n / 2, nothing = json.null, list = { args.n, args.text }, count = count,
    user = context.user_guid }
end
`,
  'in_python.py': `AGENT = {"name": "in-python", "description": "Remembers", "parameters": {"type": "object",
    "properties": {"text": {"type": "string"}, "n": {"type": "number"}}, "required": ["text", "n"]}}

def run(context, text, n):
    count = (context.memory.get("count") or 0) + 1
    context.memory.set("count", count)
    return {"text": text, "half": n / 2, "nothing": None, "list": [n, text], "count": count, "user": context.user_guid}
`,
};

const COMPONENT = join(import.meta.dirname, '../../../../../skills/checksums/component.wasm');

export const BUNDLE: PackBundle = {
  schema: 'pack/1.0',
  pack_guid: GUID,
  name: 'everywhere',
  purpose: 'The same answers from every back end',
  created_at: '2026-11-21T00:00:00.000Z',
  agents: [
    ...Object.entries(FILES).map(([filename, source]) => ({ filename, source })),
    { filename: 'checksums.wasm', source_base64: readFileSync(COMPONENT).toString('base64') },
  ],
};

export const USER = '7e0b5a43-25a3-4d2f-9a53-8c6f0f1f2a3b';
export const NAMES = ['in-javascript', 'in-lispy', 'in-lua', 'in-python', 'in-typescript'] as const;
