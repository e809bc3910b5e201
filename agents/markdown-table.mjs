// Turns rows into a Markdown table and a Markdown table into rows, because hand-written tables lose pipes and columns.
export const AGENT = {
  name: 'markdown-table',
  description:
    'Writes rows of data as an aligned Markdown table (give `rows`), or reads the first Markdown table of a text into rows ' +
    '(give `markdown`). Use it to show records to a person, and to compute with a table that someone pasted.',
  parameters: { type: 'object', additionalProperties: false, properties: {
    rows: { type: 'array', maxItems: 10000, items: { type: ['object', 'array'] }, description: 'Objects by column name; or arrays, the first of which is the header unless `columns` are given' },
    columns: { type: 'array', items: { type: 'string' }, minItems: 1, description: 'With rows: which columns, in this order; left out: all' },
    align: { type: 'object', additionalProperties: { type: 'string', enum: ['left', 'right', 'center'] }, default: {}, description: 'With rows: alignment by column name; left out: numbers right, the rest left' },
    markdown: { type: 'string', description: 'A text with a table to read' },
    typed: { type: 'boolean', default: true, description: 'With markdown: read 3, true and empty cells as number, boolean and null, not as texts' },
  } },
  returns: { type: 'object', required: ['columns'], additionalProperties: false, properties: {
    columns: { type: 'array', items: { type: 'string' } },
    markdown: { type: 'string', description: 'With rows' },
    rows: { type: 'array', items: { type: 'object' }, description: 'With markdown' },
  } },
  examples: [
    { args: { rows: [{ city: 'Oslo', temp: -3 }, { city: 'Rome | IT', temp: 14.5, note: 'mild' }] },
      returns: { columns: ['city', 'temp', 'note'], markdown: '| city       | temp | note |\n| ---------- | ---: | ---- |\n| Oslo       |   -3 |      |\n| Rome \\| IT | 14.5 | mild |\n' } },
    { args: { markdown: 'Prices:\n\n| item | price |\n|:-----|------:|\n| tea \\| milk | 2.50 |\n| cake |\n' },
      returns: { columns: ['item', 'price'], rows: [{ item: 'tea | milk', price: 2.5 }, { item: 'cake', price: null }] } },
  ],
};

export function run(context, { rows, columns, align = {}, markdown, typed = true }) {
  if ((rows === undefined) === (markdown === undefined)) throw new Error('Give either "rows" to write a table or "markdown" to read one');
  return rows === undefined ? readTable(markdown, typed) : writeTable(rows, columns, align);
}

function writeTable(rows, wanted, align) {
  const arrays = rows.every(Array.isArray);
  if (!arrays && rows.some(Array.isArray)) throw new Error('The rows mix objects and arrays; use one kind');
  const columns = wanted ?? (arrays ? (rows[0] ?? []).map(toText) : [...new Set(rows.flatMap(Object.keys))]);
  if (columns.length === 0) throw new Error('The table has no columns; give a row, or name them in "columns"');
  const body = (arrays && wanted === undefined ? rows.slice(1) : rows).map((row) => columns.map((name, index) => (arrays ? row[index] : Object.hasOwn(row, name) ? row[name] : null)));
  const sides = columns.map((name, index) => align[name] ?? (isNumeric(body, index) ? 'right' : 'left'));
  const cells = [columns, ...body].map((row) => row.map(toText));
  const widths = columns.map((_, index) => Math.max(4, ...cells.map((row) => [...row[index]].length)));
  const rule = widths.map((width, index) => RULES[sides[index]].replace('-', '-'.repeat(width - RULES[sides[index]].length + 1)));
  const [head, ...rest] = cells.map((row) => row.map((cell, index) => pad(cell, widths[index], sides[index])));
  return { columns, markdown: [head, rule, ...rest].map((row) => `| ${row.join(' | ')} |\n`).join('') };
}

const RULES = { left: '-', right: '-:', center: ':-:' };
function isNumeric(rows, index) {
  const values = rows.map((row) => row[index]).filter((value) => value !== null && value !== undefined);
  return values.length > 0 && values.every((value) => typeof value === 'number');
}

function toText(value) {
  const text = value === null || value === undefined ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value);
  return text.trim().replaceAll('|', '\\|').replace(/\r?\n/g, '<br>');
}

function pad(text, width, side) {
  const missing = width - [...text].length;
  const before = side === 'left' ? 0 : side === 'right' ? missing : Math.floor(missing / 2);
  return ' '.repeat(before) + text + ' '.repeat(missing - before);
}

function readTable(markdown, typed) {
  const lines = markdown.split(/\r?\n/);
  const rows = lines.map((line) => (line.includes('|') ? toCells(line) : []));
  const isRule = (cells, size) => cells.length === size && size > 0 && cells.every((cell) => /^:?-+:?$/.test(cell));
  const at = rows.findIndex((row, index) => isRule(rows[index + 1] ?? [], row.length));
  if (at < 0) throw new Error('There is no table in the text; a table has a header line and below it a line such as | --- | --- |');
  const columns = rows[at].reduce((names, name, index) => [...names, toUnique(name || `column_${index + 1}`, names)], []);
  const end = rows.findIndex((row, index) => index > at + 1 && row.length === 0);
  const body = rows.slice(at + 2, end < 0 ? undefined : end);
  const toRow = (cells) => Object.fromEntries(columns.map((name, index) => [name, toValue(cells[index] ?? '', typed)]));
  return { columns, rows: body.map(toRow) };
}

function toCells(line) {
  const cells = line.trim().replace(/^\|/, '').replace(/(?<!\\)\|$/, '').split(/(?<!\\)\|/);
  return cells.map((cell) => cell.trim().replaceAll('\\|', '|').replace(/<br\s*\/?>/gi, '\n'));
}

function toUnique(name, names) {
  let unique = name;
  for (let count = 2; names.includes(unique); count++) unique = `${name}_${count}`;
  return unique;
}

function toValue(cell, typed) {
  if (!typed) return cell;
  if (cell === '' || cell === 'true' || cell === 'false') return cell === '' ? null : cell === 'true';
  return /^-?(0|[1-9]\d{0,14})(\.\d{1,12})?$/.test(cell) ? Number(cell) : cell;
}

// Alone: node markdown-table.mjs '{"rows": […]}', or --agent
if (import.meta.main) {
  const [arg = '{}'] = process.argv.slice(2);
  console.log(JSON.stringify(arg === '--agent' ? AGENT : run({}, JSON.parse(arg)), null, 2));
}
