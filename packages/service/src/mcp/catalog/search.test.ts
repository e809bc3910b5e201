// Large catalogues: a client carries two tools, finds the others by words, and can call each of them.
import type { JsonObject } from '@pypes/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { agentOf, openDoor, type TestDoor, textOf } from '../testing/open-door.ts';
import { createSearch } from './search.ts';

const TOOLS = [
  { name: 'stock_price', description: 'The newest price of a share', words: ['symbol'] },
  { name: 'sendMail', description: 'Sends a message to somebody', words: ['to', 'body'] },
  { name: 'prices_report', description: 'Writes a report', words: [] },
  { name: 'weather', description: 'Says what the weather will be', words: ['city'] },
];
const search = createSearch(TOOLS);

test.each([
  ['weather', ['weather']],
  ['send mail', ['sendMail']],
  ['stock prices', ['stock_price', 'prices_report']],
  ['symbol', ['stock_price']],
  ['weath', ['weather']],
  ['prices_report', ['prices_report', 'stock_price']],
  ['', []],
  ['zebra', []],
])('"%s" finds %j', (query, names) => {
  expect(search(query, 5)).toEqual(names);
});

test('a hostile question takes no longer than others', () => {
  expect(search('zebra '.repeat(1_000_000), 5)).toEqual([]);
  expect(search('constructor __proto__', 5)).toEqual([]);
});

describe('a door over many tools', () => {
  let door: TestDoor;
  beforeAll(() => {
    door = openDoor(
      Object.fromEntries(
        ['alpha', 'beta', 'gamma'].map((name) => [
          `${name}.mjs`,
          agentOf(name, `return '${name} ' + args.n;`, { description: `Counts ${name} rays` }),
        ]),
      ),
      { mostListed: 2 },
    );
  });
  afterAll(() => door.close());

  test('lists the search in their place, and all of them where the client says so', async () => {
    expect(await door.tools()).toEqual(['call_tool', 'search_tools']);
    expect(await door.tools({ query: '?tools=all' })).toEqual(['alpha', 'beta', 'gamma']);
    const session = await door.initialize();
    const { tools } = (await session.send('tools/list')).result as { tools: readonly JsonObject[] };
    expect(tools).toHaveLength(2);
    expect(JSON.stringify(tools).length / 3).toBeLessThan(1_500);
  });

  test('finds one, and calls it by either way', async () => {
    const found = JSON.parse(textOf(await door.call('search_tools', { query: 'beta rays', limit: 1 }))) as JsonObject;
    expect(found).toMatchObject({ tool_count: 3, tools: [{ name: 'beta', input_schema: { type: 'object' } }] });
    expect(textOf(await door.call('call_tool', { name: 'beta', arguments: { n: 2 } }))).toBe('beta 2');
    expect(textOf(await door.call('gamma', { n: 3 }))).toBe('gamma 3');
  });

  test.each([
    ['call_tool', {}],
    ['call_tool', { name: 'nobody' }],
    ['call_tool', { name: 'call_tool', arguments: { name: 'alpha' } }],
    ['call_tool', { name: 'alpha', arguments: 'n' }],
    ['search_tools', { query: 1 }],
  ])('%s does not take %j', async (name, args) => {
    expect((await door.call(name, args as JsonObject)).error).toMatchObject({ code: -32_602 });
  });
});
