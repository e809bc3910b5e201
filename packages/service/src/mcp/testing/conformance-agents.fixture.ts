// What the official conformance suite expects of a server, as agents: each is one file with two exports, like any other.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==';
const WAV = 'UklGRiYAAABXQVZFZm10IBAAAAABAAEAQB8AAAB9AAACABAAZGF0YQIAAAAAAA==';

type Parts = {
  readonly description?: string;
  readonly parameters?: object;
  readonly returns?: object;
  readonly mcp?: object;
  /** The body of `async function run(context, args)`. */
  readonly body: string;
};

const WAIT = 'const wait = (ms) => new Promise((done) => setTimeout(done, ms));';
const strings = (...names: readonly string[]): object => ({
  type: 'object',
  properties: Object.fromEntries(names.map((name) => [name, { type: 'string', description: `The ${name}` }])),
  required: names,
});
const elicit = (message: string, properties: object, required: readonly string[]): string =>
  JSON.stringify({
    method: 'elicitation/create',
    params: { message, requestedSchema: { type: 'object', properties, required } },
  });
const sample = (text: string): string =>
  JSON.stringify({
    method: 'sampling/createMessage',
    params: { messages: [{ role: 'user', content: { type: 'text', text } }], maxTokens: 100 },
  });
const ROOTS = JSON.stringify({ method: 'roots/list', params: {} });
const NAME = { name: { type: 'string' } };
const asks = { asks: true };
const choice = (...values: readonly string[]) => values.map((each, index) => ({ const: each, title: `Choice ${index}` }));

/** A file that comes, or goes, beside the agents of this folder. */
const toggle = (file: string, source: string): string =>
  `const { existsSync, rmSync, writeFileSync } = await import('node:fs');
  const path = new URL('./${file}', import.meta.url);
  if (existsSync(path)) rmSync(path); else writeFileSync(path, ${JSON.stringify(source)});
  return 'done';`;

const AGENTS: { readonly [name: string]: Parts } = {
  // Contents.
  test_simple_text: { body: `return 'This is a simple text response for testing.';` },
  test_image_content: {
    mcp: { content: true },
    body: `return { type: 'image', data: '${PNG}', mimeType: 'image/png' };`,
  },
  test_audio_content: {
    mcp: { content: true },
    body: `return { type: 'audio', data: '${WAV}', mimeType: 'audio/wav' };`,
  },
  test_embedded_resource: {
    mcp: { content: true },
    body: `return { type: 'resource', resource: { uri: 'test://embedded-resource', mimeType: 'text/plain', text: 'This is an embedded resource content.' } };`,
  },
  test_multiple_content_types: {
    mcp: { content: true },
    body: `return [{ type: 'text', text: 'Multiple content types test:' }, { type: 'image', data: '${PNG}', mimeType: 'image/png' },
    { type: 'resource', resource: { uri: 'test://mixed-content-resource', mimeType: 'application/json', text: '{"test":"data","value":123}' } }];`,
  },
  test_error_handling: { body: `throw new Error('This tool intentionally returns an error for testing');` },
  test_tool_with_logging: {
    body: `context.log('info', 'Tool execution started'); await wait(50);
    context.log('info', 'Tool processing data'); await wait(50);
    context.log('info', 'Tool execution completed'); return 'logged';`,
  },
  test_logging_tool: { body: `context.log('info', 'hello'); return 'logged';` },
  test_tool_with_progress: {
    body: `context.progress(0); await wait(50); context.progress(0.5); await wait(50); context.progress(1); return 'done';`,
  },
  // Questions to the client.
  test_sampling: {
    parameters: strings('prompt'),
    mcp: asks,
    body: `const answer = args.mcp.answers.reply;
    if (!answer) return { input_required: { reply: { method: 'sampling/createMessage', params: { messages: [{ role: 'user', content: { type: 'text', text: args.prompt } }], maxTokens: 100 } } } };
    return 'LLM response: ' + JSON.stringify(answer.content);`,
  },
  test_missing_capability: {
    mcp: asks,
    body: `return args.mcp.answers.reply ? 'answered' : { input_required: { reply: ${sample('hi')} } };`,
  },
  test_elicitation: {
    parameters: strings('message'),
    mcp: asks,
    body: `const answer = args.mcp.answers.user;
    if (!answer) { const request = ${elicit('', { username: { type: 'string', description: "User's response" }, email: { type: 'string', description: "User's email address" } }, ['username', 'email'])};
      request.params.message = args.message; return { input_required: { user: request } }; }
    return 'User response: ' + JSON.stringify(answer);`,
  },
  test_streaming_elicitation: {
    mcp: asks,
    body: `return args.mcp.answers.user ? 'answered' : { input_required: { user: ${elicit('Name?', NAME, ['name'])} } };`,
  },
  test_elicitation_sep1034_defaults: {
    mcp: asks,
    body: `const answer = args.mcp.answers.form;
    if (!answer) return { input_required: { form: ${elicit(
      'Please check',
      {
        name: { type: 'string', default: 'John Doe' },
        age: { type: 'integer', default: 30 },
        score: { type: 'number', default: 95.5 },
        status: { type: 'string', enum: ['active', 'inactive', 'pending'], default: 'active' },
        verified: { type: 'boolean', default: true },
      },
      [],
    )} } };
    return 'Elicitation completed: action=' + answer.action + ', content=' + JSON.stringify(answer.content);`,
  },
  test_elicitation_sep1330_enums: {
    mcp: asks,
    body: `const answer = args.mcp.answers.form;
    if (!answer) return { input_required: { form: ${elicit(
      'Please choose',
      {
        untitledSingle: { type: 'string', enum: ['option1', 'option2', 'option3'] },
        titledSingle: { type: 'string', oneOf: choice('value1', 'value2', 'value3') },
        legacyEnum: { type: 'string', enum: ['opt1', 'opt2', 'opt3'], enumNames: ['Option One', 'Option Two', 'Option Three'] },
        untitledMulti: { type: 'array', items: { type: 'string', enum: ['option1', 'option2', 'option3'] } },
        titledMulti: { type: 'array', items: { anyOf: choice('value1', 'value2', 'value3') } },
      },
      [],
    )} } };
    return 'Elicitation completed: action=' + answer.action + ', content=' + JSON.stringify(answer.content);`,
  },
  test_input_required_result_elicitation: {
    mcp: asks,
    body: `const name = args.mcp.answers.user_name?.content?.name;
    if (typeof name !== 'string') return { input_required: { user_name: ${elicit('What is your name?', NAME, ['name'])} } };
    return 'Hello, ' + name + '!';`,
  },
  test_input_required_result_sampling: {
    mcp: asks,
    body: `const answer = args.mcp.answers.capital_question;
    if (!answer) return { input_required: { capital_question: ${sample('What is the capital of France?')} } };
    return answer.content.text;`,
  },
  test_input_required_result_list_roots: {
    mcp: asks,
    body: `const answer = args.mcp.answers.client_roots;
    if (!answer) return { input_required: { client_roots: ${ROOTS} } };
    return answer.roots.map((root) => root.uri).join(' ');`,
  },
  test_input_required_result_request_state: {
    mcp: asks,
    body: `if (!args.mcp.answers.confirm) return { input_required: { confirm: ${elicit('Please confirm', { ok: { type: 'boolean' } }, ['ok'])} }, state: 'remembered' };
    return args.mcp.state === 'remembered' ? 'state-ok' : 'state lost';`,
  },
  test_input_required_result_multiple_inputs: {
    mcp: asks,
    body: `const { user_name, greeting, client_roots } = args.mcp.answers;
    if (!user_name || !greeting || !client_roots) return { input_required: { user_name: ${elicit('What is your name?', NAME, ['name'])}, greeting: ${sample('Generate a greeting')}, client_roots: ${ROOTS} }, state: 1 };
    return greeting.content.text + ' ' + user_name.content.name + ' ' + client_roots.roots.length;`,
  },
  test_input_required_result_multi_round: {
    mcp: asks,
    body: `const { answers, state } = args.mcp;
    if (!state || !(state.name ?? answers.step1)) return { input_required: { step1: ${elicit('Step 1: What is your name?', NAME, ['name'])} }, state: { round: 1 } };
    const name = state.name ?? answers.step1.content.name;
    if (!answers.step2) return { input_required: { step2: ${elicit('Step 2: What is your favorite color?', { color: { type: 'string' } }, ['color'])} }, state: { round: 2, name } };
    return name + ' likes ' + answers.step2.content.color;`,
  },
  test_input_required_result_tampered_state: {
    mcp: asks,
    body: `if (!args.mcp.answers.confirm) return { input_required: { confirm: ${elicit('Please confirm', { ok: { type: 'boolean' } }, ['ok'])} }, state: 'mine' };
    return 'confirmed';`,
  },
  test_input_required_result_capabilities: {
    mcp: asks,
    body: `const { answers, capabilities } = args.mcp; const requests = {};
    if (capabilities.elicitation && !answers.name) requests.name = ${elicit('Name?', NAME, ['name'])};
    if (capabilities.sampling && !answers.text) requests.text = ${sample('hi')};
    return Object.keys(requests).length > 0 ? { input_required: requests } : 'nothing to ask';`,
  },
  // Prompts and resources.
  test_simple_prompt: { mcp: { as: 'prompt' }, body: `return 'This is a simple prompt for testing.';` },
  test_prompt_with_arguments: {
    parameters: {
      type: 'object',
      properties: { arg1: { type: 'string', examples: ['paris', 'park', 'party'] }, arg2: { type: 'string' } },
      required: ['arg1', 'arg2'],
    },
    mcp: { as: 'prompt' },
    body: `return "Prompt with arguments: arg1='" + args.arg1 + "', arg2='" + args.arg2 + "'";`,
  },
  test_prompt_with_embedded_resource: {
    parameters: strings('resourceUri'),
    mcp: { as: 'prompt' },
    body: `return [{ role: 'user', content: { type: 'resource', resource: { uri: args.resourceUri, mimeType: 'text/plain', text: 'Embedded resource content for testing.' } } },
    { role: 'user', content: { type: 'text', text: 'Please process the embedded resource above.' } }];`,
  },
  test_prompt_with_image: {
    mcp: { as: 'prompt' },
    body: `return [{ role: 'user', content: { type: 'image', data: '${PNG}', mimeType: 'image/png' } },
    { role: 'user', content: { type: 'text', text: 'Please analyze the image above.' } }];`,
  },
  test_input_required_result_prompt: {
    mcp: { as: 'prompt', asks: true },
    body: `const answer = args.mcp.answers.user_context;
    if (!answer) return { input_required: { user_context: ${elicit('What context should the prompt use?', { context: { type: 'string' } }, ['context'])} } };
    return 'Use ' + answer.content.context;`,
  },
  static_text: {
    mcp: { as: 'resource', uri: 'test://static-text', media_type: 'text/plain' },
    body: `return 'This is the content of the static text resource.';`,
  },
  static_binary: {
    mcp: { as: 'resource', uri: 'test://static-binary', media_type: 'image/png' },
    body: `return { blob: '${PNG}' };`,
  },
  watched_resource: {
    mcp: { as: 'resource', uri: 'test://watched-resource', media_type: 'text/plain' },
    body: `return 'watched';`,
  },
  template_data: {
    parameters: strings('id'),
    mcp: { as: 'resource', uri: 'test://template/{id}/data', media_type: 'application/json' },
    body: `return { id: args.id, templateTest: true, data: 'Data for ID: ' + args.id };`,
  },
  // Lists that change.
  test_trigger_tool_change: {
    body: toggle(
      'changed_tool.mjs',
      `export const AGENT = { name: 'changed_tool', description: 'Came' };\nexport const run = () => 'here';`,
    ),
  },
  test_trigger_prompt_change: {
    body: toggle(
      'changed_prompt.mjs',
      `export const AGENT = { name: 'changed_prompt', description: 'Came', mcp: { as: 'prompt' } };\nexport const run = () => 'here';`,
    ),
  },
  // Tasks.
  greet: { parameters: strings('name'), mcp: { task: 'never' }, body: `return 'Hello, ' + args.name + '!';` },
  slow_compute: {
    parameters: { type: 'object', properties: { seconds: { type: 'number' }, label: { type: 'string' } } },
    mcp: { task: 'always' },
    body: `await wait((args.seconds ?? 0) * 1000); return 'computed ' + (args.label ?? '');`,
  },
  failing_job: { mcp: { task: 'required' }, body: `await wait(200); throw new Error('The job failed');` },
  protocol_error_job: { mcp: { task: 'always' }, returns: { type: 'object' }, body: `return 'no object';` },
  confirm_delete: {
    parameters: strings('filename'),
    mcp: { task: 'always', asks: true },
    body: `const answer = args.mcp.answers.confirm;
    if (!answer) return { input_required: { confirm: ${elicit('Delete it?', { confirm: { type: 'boolean' } }, ['confirm'])} } };
    return answer.action === 'accept' ? 'deleted ' + args.filename : 'kept';`,
  },
  multi_input: {
    mcp: { task: 'always', asks: true },
    body: `const { first, second } = args.mcp.answers;
    if (!first || !second) return { input_required: { first: ${elicit('First?', NAME, ['name'])}, second: ${elicit('Second?', NAME, ['name'])} } };
    return 'both';`,
  },
  test_tool_with_task: {
    mcp: { task: 'required', asks: true },
    body: `const answer = args.mcp.answers.user_name;
    if (!answer) return { input_required: { user_name: ${elicit('What is your name?', NAME, ['name'])} }, state: 'asked' };
    await wait(100); return 'Hello, ' + answer.content.name;`,
  },
};

/** Writes the agents into a folder. */
export function writeConformanceAgents(folder: string): void {
  mkdirSync(folder, { recursive: true });
  for (const [name, { body, description, ...rest }] of Object.entries(AGENTS)) {
    const metadata = { name, description: description ?? `For the conformance suite: ${name}`, ...rest };
    writeFileSync(
      join(folder, `${name}.mjs`),
      `export const AGENT = ${JSON.stringify(metadata, null, 2)};\n${WAIT}\nexport async function run(context, args) {\n  ${body}\n}\n`,
    );
  }
}
