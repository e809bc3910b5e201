// Sources: every spelling, its way back, and clear words for what is none.
import { describe, expect, it } from 'vitest';
import { parseSource, toSourceText } from './source.ts';

const DIGEST = `sha256:${'a'.repeat(64)}`;

describe('parseSource', () => {
  const good: { readonly [text: string]: object } = {
    'explicit:finance@1.0.0': { kind: 'explicit', name: 'finance', version: '1.0.0' },
    'explicit:acme:finance@1.0.0-rc.1': { kind: 'explicit', namespace: 'acme', name: 'finance', version: '1.0.0-rc.1' },
    'remote:stock-market': { kind: 'remote', name: 'stock-market', range: '*' },
    'remote:email-sender@^1': { kind: 'remote', name: 'email-sender', range: '^1' },
    'remote:acme:x@>=1 <3': { kind: 'remote', namespace: 'acme', name: 'x', range: '>=1 <3' },
    'https://example.com/a/skill.wasm?x=1': { kind: 'https', url: 'https://example.com/a/skill.wasm?x=1' },
    'oci://ghcr.io/acme/tool:1.0.0': {
      kind: 'oci',
      host: 'ghcr.io',
      repository: 'acme/tool',
      reference: { tag: '1.0.0' },
    },
    'oci://localhost:5000/tool:latest': {
      kind: 'oci',
      host: 'localhost:5000',
      repository: 'tool',
      reference: { tag: 'latest' },
    },
    [`oci://ghcr.io/tool@${DIGEST}`]: {
      kind: 'oci',
      host: 'ghcr.io',
      repository: 'tool',
      reference: { digest: DIGEST },
    },
    './skill': { kind: 'path', path: './skill' },
    '/srv/skill.wasm': { kind: 'path', path: '/srv/skill.wasm' },
    '..': { kind: 'path', path: '..' },
  };
  for (const [text, source] of Object.entries(good)) {
    it(`reads ${text}`, () => {
      expect(parseSource(text)).toEqual(source);
      expect(toSourceText(parseSource(text))).toBe(text);
    });
  }

  const bad: { readonly [text: string]: RegExp } = {
    finance: /remote:finance/,
    'explicit:finance': /explicit:finance@1\.0\.0/,
    'explicit:finance@^1': /remote:finance@\^1/,
    'explicit:finance@one': /no version/,
    'explicit:Finance@1.0.0': /no skill name/,
    'remote:finance@what ever': /no range/,
    'remote:finance@': /no range/,
    'remote:a:b:c': /no skill name/,
    'http://example.com/x.wasm': /https:\/\/example\.com/,
    'https://ann:secret@example.com/x': /passwords/,
    'https://': /no URL/,
    'npm:left-pad': /no scheme "npm:"/,
    'oci://ghcr.io/tool': /tag or a digest/,
    'oci://ghcr.io/Tool:1': /lower case/,
    'oci://ghcr.io:1': /oci:\/\/HOST/,
    'oci://ghcr.io/tool@sha256:ab': /no digest/,
    'oci://ghcr.io/../tool:1': /oci:\/\/HOST/,
    'oci://a@b/tool:1': /oci:\/\/HOST/,
    '': /explicit:NAME/,
    './a\0b': /explicit:NAME/,
  };
  for (const [text, message] of Object.entries(bad)) {
    it(`refuses ${JSON.stringify(text)}`, () => {
      expect(() => parseSource(text)).toThrow(message);
      expect(() => parseSource(text)).toThrow(expect.objectContaining({ code: 'invalid_request' }));
      expect(() => parseSource(text)).not.toThrow(/secret/);
    });
  }
});
