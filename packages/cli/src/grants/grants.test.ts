// What people write for permissions, how a grant grows and shrinks, and how it is said in words.
import { describe, expect, it } from 'vitest';
import { addGrants, revokeGrants } from './change.ts';
import { parseGrants } from './values.ts';
import { beyondAsked, toWords } from './words.ts';

describe('NAME=VALUE', () => {
  it.each<[readonly string[], object]>([
    [['network=a.com,b.com:443'], { network: ['a.com', 'b.com:443'] }],
    [['network=GET,POST a.com,b.com', 'network=*'], { network: ['GET,POST a.com', 'b.com', '*'] }],
    [['network=b.com,GET a.com'], { network: ['b.com', 'GET a.com'] }],
    [['memory=read', 'objects=read-write'], { memory: 'read', objects: 'read-write' }],
    [['vault=A, B', 'vault=C'], { vault: ['A', 'B', 'C'] }],
    [['ai=true'], { ai: true }],
    [['ai=false', 'session=files,browser'], { ai: false, session: ['files', 'browser'] }],
    [[], {}],
  ])('%j', (texts, permissions) => {
    expect(parseGrants(texts)).toEqual(permissions);
  });

  it.each([
    'network',
    'network=',
    '=x',
    'ai=yes',
    'root=true',
    'memory=all',
    'session=x',
    'network=a b c',
    '__proto__=x',
  ])('refuses %j', (text) => {
    expect(() => parseGrants([text])).toThrow(expect.objectContaining({ code: 'invalid_request' }));
  });
});

describe('a grant', () => {
  const before = { network: ['a.com', 'b.com'], ai: true, memory: 'read' } as const;

  it('grows: lists get longer, an access is replaced', () => {
    expect(addGrants(before, { network: ['b.com', 'c.com'], memory: 'read-write', vault: ['K'] })).toEqual({
      network: ['a.com', 'b.com', 'c.com'],
      ai: true,
      memory: 'read-write',
      vault: ['K'],
    });
    expect(addGrants({}, {})).toEqual({});
  });

  it.each<[readonly string[], object]>([
    [['network'], { ai: true, memory: 'read' }],
    [['network=a.com'], { network: ['b.com'], ai: true, memory: 'read' }],
    [['network=a.com,b.com', 'ai'], { memory: 'read' }],
    [['ai=true', 'memory=read'], { network: ['a.com', 'b.com'] }],
  ])('shrinks by %j', (names, after) => {
    expect(revokeGrants(before, names)).toEqual(after);
  });

  it.each([['vault'], ['network=c.com'], ['memory=none'], ['ai', 'ai']])('has no %j to take back', (...names) => {
    expect(() => revokeGrants(before, names)).toThrow(expect.objectContaining({ code: 'not_found' }));
  });

  it('has nothing that is no permission', () => {
    expect(() => revokeGrants(before, ['root'])).toThrow(expect.objectContaining({ code: 'invalid_request' }));
  });
});

describe('in words', () => {
  it.each<[string, string]>([
    ['api.example.com:443', 'send requests to api.example.com, port 443'],
    ['GET,HEAD *.example.com', 'send GET and HEAD requests to any host below example.com'],
    ['private:*:*', 'send requests to any host, on any port, private networks included'],
  ])('%s', (rule, words) => {
    expect(toWords({ network: [rule] })).toEqual([words]);
  });

  it('says the rest, and nothing of what was not granted', () => {
    expect(toWords({})).toEqual([]);
    expect(toWords({ memory: 'read', objects: 'write', vault: ['K'], ai: true, session: ['files'] })).toHaveLength(5);
  });

  it('knows what was not asked for', () => {
    const asks = { network: ['a.com'], objects: 'read', vault: ['K'] } as const;
    expect(beyondAsked({ ...asks, memory: 'read', ai: false }, asks)).toEqual([]);
    expect(
      beyondAsked({ network: ['b.com'], objects: 'read-write', vault: ['K', 'L'], ai: true, session: ['files'] }, asks),
    ).toEqual(['network=b.com', 'vault=L', 'session=files', 'objects=read-write', 'ai=true']);
  });
});
