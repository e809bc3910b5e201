// One agent in five languages: memory, objects, a request to a server, a secret, a nested call, a log line and progress.

const SCHEMA = '{"type": "object", "properties": {"url": {"type": "string"}}, "required": ["url"]}';

/** File names and sources; each file's agent is `all`, and each brings the `double` that it calls. */
export const ALL_IN_ONE: { readonly [language: string]: { readonly [filename: string]: string } } = {
  python: {
    'all.py': `
AGENT = {"name": "all", "parameters": ${SCHEMA}}


def run(context, url):
    visits = (context.memory.get("visits") or 0) + 1
    context.memory.set("visits", visits)
    context.log("info", "fetching", {"visits": visits})
    context.progress(0.5, "half")
    response = context.fetch(url, method="POST", headers={"authorization": "Bearer " + context.vault.get("KEY")}, body="ping")
    context.objects.put("answer.txt", response.text, "text/plain")
    stored = context.objects.get("answer.txt")
    twice = context.call("double", {"n": visits})
    return {"visits": visits, "status": response.status, "text": stored.text, "twice": twice, "user": context.user_guid}
`,
    'double.py': `
AGENT = {"name": "double"}


def run(context, n):
    return n * 2
`,
  },
  lispy: {
    'all.lispy': `
(def AGENT {:name "all" :parameters ${SCHEMA.replaceAll(/[:,]/g, ' ')}})
(defn run [context url]
  (let [visits (+ 1 (or (memory-get "visits") 0))]
    (memory-set "visits" visits)
    (log "info" "fetching" {:visits visits})
    (progress 0.5 "half")
    (let [auth (str "Bearer " (vault-get "KEY"))
          response (fetch url {:method "POST" :headers {"authorization" auth} :text "ping"})]
      (objects-put "answer.txt" (get response "text") "text/plain")
      {:visits visits :status (get response "status") :text (get (objects-get "answer.txt") "text")
       :twice (call "double" {:n visits}) :user (get context "user_guid")})))
`,
    'double.lispy': '(def AGENT {:name "double"})\n(defn run [context n] (* n 2))\n',
  },
  javascript: {
    'all.mjs': `
export const AGENT = { name: 'all', parameters: ${SCHEMA} };
export async function run(context, { url }) {
  const visits = ((await context.memory.get('visits')) ?? 0) + 1;
  await context.memory.set('visits', visits);
  context.log('info', 'fetching', { visits });
  context.progress(0.5, 'half');
  const headers = { authorization: 'Bearer ' + (await context.vault.get('KEY')) };
  const response = await context.fetch(url, { method: 'POST', headers, body: 'ping' });
  await context.objects.put('answer.txt', await response.text(), 'text/plain');
  const text = await (await context.objects.get('answer.txt')).text();
  const twice = await context.call('double', { n: visits });
  return { visits, status: response.status, text, twice, user: context.user_guid };
}
`,
    'double.mjs': "export const AGENT = { name: 'double' };\nexport const run = (context, { n }) => n * 2;\n",
  },
  lua: {
    'all.lua': `
AGENT = { name = "all", parameters = json.decode('${SCHEMA}') }
function run(context, args)
  local visits = (context.memory.get("visits") or 0) + 1
  context.memory.set("visits", visits)
  context.log("info", "fetching", { visits = visits })
  context.progress(0.5, "half")
  local headers = { authorization = "Bearer " .. context.vault.get("KEY") }
  local response = context.fetch(args.url, { method = "POST", headers = headers, body = "ping" })
  context.objects.put("answer.txt", response.text, "text/plain")
  local twice = context.call("double", { n = visits })
  return {
    visits = visits, status = response.status, text = context.objects.get("answer.txt").text, twice = twice,
    user = context.user_guid or json.null,
  }
end
`,
    'double.lua': 'AGENT = { name = "double" }\nfunction run(context, args) return args.n * 2 end\n',
  },
};

const javascript = ALL_IN_ONE.javascript as { readonly [filename: string]: string };

/** The same as TypeScript, with types to be stripped. */
export const TYPESCRIPT: { readonly [filename: string]: string } = {
  'all.ts': String(javascript['all.mjs']).replace(
    'run(context, { url })',
    'run(context: any, { url }: { url: string })',
  ),
  'double.ts': String(javascript['double.mjs']).replace(
    '(context, { n })',
    '(_: unknown, { n }: { readonly n: number })',
  ),
};
