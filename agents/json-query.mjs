// Takes values out of JSON by a path with wildcards and filters, so that a model reads ten values instead of a whole file.
export const AGENT = {
  name: 'json-query',
  description:
    'Extracts values from JSON data by a path: store.books[*].title, users[?age >= 18].name, ..id. Use it to pick, filter or ' +
    'count parts of a large JSON value instead of reading all of it.',
  parameters: { type: 'object', required: ['data', 'query'], additionalProperties: false, properties: {
    data: { description: 'The JSON value to look into' },
    query: { type: 'string', maxLength: 1000, description:
      'Steps, after an optional $: .key or ["any key"], [0], [-1], [1:3], .* or [*] for all, .. for any depth, and filters: ' +
      '[?path] (it exists), [?path op value], joined by &&. The path of a filter is a.b, or @ for the item itself; ' +
      "op is == != < <= > >= or ~ (contains, ignoring case); the value is 3, true, null or 'text'" },
    paths: { type: 'boolean', default: false, description: 'Also give the path of every value' },
    table: { type: 'boolean', default: false, description: 'Also give the values as a Markdown table, made by the agent markdown-table' },
    limit: { type: 'integer', minimum: 0, maximum: 10000, default: 100, description: 'Give at most so many values; 0 only counts' },
  } },
  returns: { type: 'object', required: ['count', 'values'], additionalProperties: false, properties: {
    count: { type: 'integer', minimum: 0, description: 'How many values match, shown or not' },
    values: { type: 'array' },
    paths: { type: 'array', items: { type: 'string' } },
    table: { type: ['string', 'null'], description: 'null where no agent markdown-table can be called' },
  } },
  examples: [
    { args: { data: { books: [{ title: 'Emma', price: 8 }, { title: 'Ulysses', price: 14 }] }, query: 'books[?price < 10].title', paths: true },
      returns: { count: 1, values: ['Emma'], paths: ['$.books[0].title'] } },
    { args: { data: { a: { id: 1, b: [{ id: 2 }, { id: 3 }] } }, query: '..id', limit: 2 }, returns: { count: 3, values: [1, 2] } },
    { args: { data: { 'all tags': ['x', 'Yes'] }, query: '["all tags"][?@ ~ \'yes\']' }, returns: { count: 1, values: ['Yes'] } },
  ],
};

export async function run(context, { data, query, paths = false, table = false, limit = 100 }) {
  const steps = toSteps(query.trim().replace(/^\$(?=[.[]|$)/, '').replace(/^(?=[^.[])/, '.'));
  const found = steps.reduce((nodes, step) => nodes.flatMap(step), [{ value: data, path: '$' }]);
  const values = found.slice(0, limit).map((node) => node.value);
  const more = paths ? { paths: found.slice(0, limit).map((node) => node.path) } : {};
  return { count: found.length, values, ...more, ...(table ? { table: await toTable(context, values) } : {}) };
}

const KEY = String.raw`[\p{L}\p{N}_$-]+`;
const QUOTED = String.raw`"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'`;
const CONDITION = new RegExp(String.raw`^\s*(@|(?:@\.)?${KEY}(?:\.${KEY})*)\s*(?:(==|!=|<=|>=|<|>|~)\s*(.*\S)\s*)?$`, 'u');
/** Every kind of step: how it is written, and the function that leads from one node to the next ones. */
const STEPS = [
  [String.raw`\.\.(?=\[)|\.(?=\.)`, () => descend],
  [String.raw`\.\*|\[\*\]`, () => children],
  [String.raw`\[(-?\d+)\]`, (index) => (node) => [items(node).at(Number(index))].filter(Boolean)],
  [String.raw`\[(-?\d*):(-?\d*)\]`, (from, to) => (node) => items(node).slice(Number(from), to === '' ? undefined : Number(to))],
  [String.raw`\[(${QUOTED})\]`, (key) => (node) => child(node, unquote(key))],
  [String.raw`\[\?((?:${QUOTED}|[^\]'"])+)\]`, (text) => toFilter(text.match(new RegExp(`(?:${QUOTED}|[^&'"]|(?<!&)&(?!&))+`, 'gu')) ?? [''])],
  [String.raw`\.(${KEY})`, (key) => (node) => child(node, key)],
].map(([pattern, toStep]) => [new RegExp(`^(?:${pattern})`, 'u'), toStep]);

function toSteps(query) {
  if (query === '') return [];
  const [pattern, toStep] = STEPS.find(([candidate]) => candidate.test(query)) ?? [];
  if (pattern === undefined) throw new Error(`Cannot read the query at "${query.slice(0, 30)}"; write steps such as .key, [0], [*], ..key or [?key == 1]`);
  const [text, ...parts] = pattern.exec(query);
  return [toStep(...parts), ...toSteps(query.slice(text.length))];
}
const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);
const items = ({ value, path }) => (Array.isArray(value) ? value.map((item, index) => ({ value: item, path: `${path}[${index}]` })) : []);
const children = (node) => (isObject(node.value) ? Object.keys(node.value).flatMap((key) => child(node, key)) : items(node));
const descend = (node) => [node, ...children(node).flatMap(descend)];
const unquote = (text) => text.slice(1, -1).replace(/\\(.)/gu, '$1');
function child({ value, path }, key) {
  if (!isObject(value) || !Object.hasOwn(value, key)) return [];
  return [{ value: value[key], path: /^[\p{L}_$][\p{L}\p{N}_$-]*$/u.test(key) ? `${path}.${key}` : `${path}[${JSON.stringify(key)}]` }];
}
function toFilter(conditions) {
  const tests = conditions.map((condition) => {
    const [, path, operator, literal] = CONDITION.exec(condition) ?? [];
    if (path === undefined) throw new Error(`Cannot read the filter "${condition.trim()}"; write path op value, such as price < 10, joined by &&`);
    const keys = path.split('.').filter((key) => key !== '@');
    const wanted = literal === undefined ? undefined : toValue(literal);
    return (node) => matches(keys.reduce((nodes, key) => nodes.flatMap((next) => child(next, key)), [node])[0]?.value, operator, wanted);
  });
  return (node) => children(node).filter((item) => tests.every((test) => test(item)));
}
function toValue(literal) {
  if (new RegExp(`^(?:${QUOTED})$`, 'u').test(literal)) return unquote(literal);
  try { return JSON.parse(literal); } catch { throw new Error(`Cannot read the value ${literal}; put texts into quotes, such as '${literal}'`); }
}
function matches(value, operator, wanted) {
  if (operator === undefined) return value !== undefined;
  if (operator === '==' || operator === '!=') return (value === wanted) === (operator === '==');
  if (operator === '~') return Array.isArray(value) ? value.includes(wanted) : typeof value === 'string' && value.toLowerCase().includes(String(wanted).toLowerCase());
  if (typeof value !== typeof wanted || !['number', 'string'].includes(typeof value)) return false;
  return (operator.endsWith('=') && value === wanted) || (operator[0] === '<' ? value < wanted : value > wanted);
}
async function toTable(context, values) {
  const rows = values.map((value) => (isObject(value) ? value : { value }));
  // Without a host, without that agent, or with nothing to show: the values are there all the same.
  return Promise.resolve(context).then((host) => host.call('markdown-table', { rows })).then(({ markdown }) => markdown, () => null);
}
// Alone: node json-query.mjs '{"data": …, "query": …}', or --agent
if (import.meta.main) {
  const [arg = '{}'] = process.argv.slice(2);
  Promise.resolve(arg === '--agent' ? AGENT : run({}, JSON.parse(arg))).then((output) => console.log(JSON.stringify(output, null, 2)));
}
