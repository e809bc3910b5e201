// What runs on a cluster in tests: agents that do nothing, say something, keep a file or never end, and a blueprint.
import { agent } from './blueprints.fixtures.ts';
import { TWENTY } from './runs.fixtures.ts';

export const STEPS = ['one', 'two', 'three'] as const;

/**
 * Files of a cluster; each step of the blueprint `three` asks `effects` once, and gives its answer to the next one. It is
 * tried again where it fails: a sandbox that is slow to let go of an interrupted call takes the calls beside it along.
 */
export function clusterFiles(effects: string): { readonly [path: string]: string } {
  return {
    'agents/nothing.mjs': agent('nothing', 'return "done";'),
    'agents/says.mjs': agent(
      'says',
      'for (let n = 1; n <= 4; n++) { context.log("info", "line " + n); context.progress(n / 4); }\nreturn "said";',
    ),
    'agents/keeps.mjs': agent(
      'keeps',
      'await context.objects.put("note.txt", args.text, "text/plain");\nreturn "kept";',
    ),
    // Says which worker has it.
    'agents/counts.mjs': agent(
      'counts',
      `context.log("info", "at " + process.pid);
for (let n = 1; n <= args.to; n++) {
  context.progress(n / args.to);
  await new Promise((done) => setTimeout(done, 100));
}
return args.to;`,
    ),
    'agents/endless.mjs': agent('endless', 'context.log("info", "begun");\nawait new Promise(() => {});'),
    'agents/twenty.mjs': TWENTY,
    'blueprints/three/agent.toml': blueprint(effects),
    'blueprints/three/effect.mjs': agent(
      'effect',
      `const body = JSON.stringify({ id: args.id, step: args.step });
const response = await context.fetch("http://${effects}/", { method: "POST", body });
return await response.text();`,
      '{ type: "object", properties: { id: { type: "string" }, step: { type: "string" }, before: { type: "string" } } }',
    ),
  };
}

function blueprint(effects: string): string {
  const steps = STEPS.map((step, index) => {
    const before = index === 0 ? 'none' : `{{ ${STEPS[index - 1]}.output }}`;
    return `[[workflow.steps]]\nid = "${step}"\ncomponent = "effect"\ninput = { id = "{{ input.id }}", step = "${step}", before = "${before}" }\nretries = 3\n`;
  });
  return `
[blueprint]
name = "three"

[components]
effect = { path = "effect.mjs" }

[input]
schema = { type = "object", properties = { id = { type = "string" } }, required = ["id"] }

${steps.join('\n')}
[output]
value = [${STEPS.map((step) => `"{{ ${step}.output }}"`).join(', ')}]

[grants]
effect = { network = ["${effects}"] }
`;
}
