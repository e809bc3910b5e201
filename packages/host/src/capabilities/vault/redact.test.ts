// A planted secret in every form that is looked for, and texts that have none and stay what they are.
import type { Json } from '@pypes/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formsOf } from './forms.ts';
import { createRedactor } from './redact.ts';

const SECRET = 'Pä$$ "wörd"/+<b>&\'42';

const withSecret = (value: string, name = 'KEY') => {
  const redactor = createRedactor();
  redactor.add(name, value);
  return redactor;
};
const base64 = (text: string) => Buffer.from(text).toString('base64');

describe('a planted secret', () => {
  const json = JSON.stringify(SECRET).slice(1, -1);
  it.each<[string, string]>([
    ['plain', SECRET],
    ['JSON', json],
    ['JSON in JSON', JSON.stringify(json).slice(1, -1)],
    ['JSON as ASCII', 'P\\u00e4$$ \\"w\\u00f6rd\\"/+<b>&\'42'],
    ['URL', encodeURIComponent(SECRET)],
    ['URL, lower case', encodeURIComponent(SECRET).replace(/%../g, (code) => code.toLowerCase())],
    ['URL, twice', encodeURIComponent(encodeURIComponent(SECRET))],
    ['form', new URLSearchParams({ a: SECRET }).toString().slice(2)],
    ['HTML', 'Pä$$ &quot;wörd&quot;/+&lt;b&gt;&amp;&#39;42'],
    ['hex', Buffer.from(SECRET).toString('hex')],
    ['hex, upper case', Buffer.from(SECRET).toString('hex').toUpperCase()],
    ['base64', base64(SECRET).replace(/=+$/, '')],
    ['base64url', Buffer.from(SECRET).toString('base64url')],
    ['reversed', [...SECRET].reverse().join('')],
  ])('as %s leaves no trace', (_form, written) => {
    expect(withSecret(SECRET).text(`before ${written} after`)).toBe('before [secret KEY] after');
    expect(withSecret(SECRET).json({ a: [`<${written}>`] })).toEqual({ a: ['<[secret KEY]>'] });
  });

  it.each(['', 'u', 'us', 'user:', 'user:x'])('in the base64 of a longer text, after %j', (before) => {
    for (const after of ['', 'z', 'zz', ':more']) {
      const redacted = withSecret(SECRET).text(base64(`${before}${SECRET}${after}`));
      const rest = redacted.split('[secret KEY]').map((part) => Buffer.from(part, 'base64').toString());
      expect(redacted).toContain('[secret KEY]');
      expect(`${before}${after}`).toContain(rest[0]);
      expect(rest.join('').length).toBeLessThanOrEqual(`${before}${after}`.length + 1);
    }
  });

  it('in keys, numbers and at any depth', () => {
    const redactor = withSecret('12345678');
    expect(redactor.json({ a12345678b: [{ n: 12345678, m: 1234567 }], x: 412345678.5 })).toEqual({
      'a[secret KEY]b': [{ n: '[secret KEY]', m: 1234567 }],
      x: '4[secret KEY].5',
    });
    expect(redactor.json(JSON.parse('{"__proto__": "12345678"}') as Json)).toEqual(
      JSON.parse('{"__proto__": "[secret KEY]"}'),
    );
  });

  it('of a login: each of its texts that is long enough', () => {
    const redactor = withSecret(
      JSON.stringify({ username: 'ann@example.com', password: 'hunter22', pin: '1234' }),
      'L',
    );
    expect(redactor.text('ann@example.com hunter22 1234')).toBe('[secret L] [secret L] 1234');
    expect(redactor.text(base64('hunter22'))).toContain('[secret L]');
  });

  it('of a key file: each of its lines, but not its frame', () => {
    const lines = [
      '-----BEGIN KEY-----',
      'b3BlbnNzaC1rZXktdjEAAAAA',
      'QyNTUxOQAAACD4dBcf9wAAAA',
      '-----END KEY-----',
      '',
    ];
    const redactor = withSecret(lines.join('\n'), 'SSH');
    expect(redactor.text(`${lines[0]}\r\n${lines[2]}`)).toBe('-----BEGIN KEY-----\r\n[secret SSH]');
  });

  it('that overlaps another, or is a part of the mark', () => {
    const redactor = createRedactor();
    redactor.add('ONE', 'abcdefgh');
    redactor.add('TWO', 'efghijkl');
    expect(redactor.text('abcdefghijkl efghijkl')).toBe('[secret ONE] [secret TWO]');
    expect(withSecret('secret').text('my secret')).toBe('my [hidden]');
    expect(withSecret('PASSWORD', 'PASSWORD').text('PASSWORD')).toBe('[hidden]');
  });

  it('that is very short, from a vault without our rules, at least as it is', () => {
    expect(withSecret('pw').text('a pw b')).toBe('a [secret KEY] b');
    expect(withSecret('').text('a')).toBe('a');
  });
});

describe('what has no secret', () => {
  it('is the same object', () => {
    const value = { a: [1, 'x', null, { b: true }], c: 'sesame' };
    expect(createRedactor().json(value)).toBe(value);
    expect(withSecret('sesame42').json(value)).toBe(value);
  });
});

describe('laws', () => {
  // Brackets could make a text together with the mark.
  const secrets = fc.string({ minLength: 6, maxLength: 100, unit: 'grapheme' }).filter((text) => !/[[\]]/.test(text));
  const alike = fc.string({ unit: fc.constantFrom('a', 'b', 'A', '=', '4', '%'), minLength: 6, maxLength: 90 });

  it('no form of the secret survives, whatever surrounds it', () => {
    const around = fc.string({ maxLength: 20, unit: 'grapheme' }).filter((text) => !/[[\]]/.test(text));
    fc.assert(
      fc.property(fc.oneof(secrets, alike), fc.array(fc.tuple(around, fc.nat()), { maxLength: 6 }), (secret, parts) => {
        const forms = formsOf(secret).map(({ text }) => text);
        const text = parts.map(([before, index]) => before + forms[index % forms.length]).join('');
        const redactor = withSecret(secret);
        const redacted = redactor.text(text);
        for (const form of forms) expect(redacted.includes(form)).toBe(false);
        const json = redactor.json({ [text]: [text] });
        expect(json).toEqual({ [redacted]: [redacted] });
      }),
      { numRuns: 500 },
    );
  });

  it('what is left is what was there: every text is the one before with stretches replaced', () => {
    fc.assert(
      fc.property(
        secrets,
        fc.string({ unit: 'grapheme' }),
        fc.string({ unit: 'grapheme' }),
        (secret, before, after) => {
          const forms = formsOf(secret).map(({ text }) => text);
          const plain = before + after;
          fc.pre(!forms.some((form) => plain.includes(form)));
          expect(withSecret(secret).text(plain)).toBe(plain);
        },
      ),
    );
  });

  it('finds what a plain search finds, also in texts that are nearly the secret all over', () => {
    const unit = fc.constantFrom('a', 'b');
    const texts = fc.string({ unit, maxLength: 400 });
    fc.assert(
      fc.property(fc.string({ unit, minLength: 6, maxLength: 120 }), texts, texts, (secret, before, after) => {
        const redactor = withSecret(secret);
        const reversed = [...secret].reverse().join('');
        for (const text of [before, before + secret + after]) {
          expect(redactor.text(text) === text).toBe(!text.includes(secret) && !text.includes(reversed));
        }
      }),
      { numRuns: 500 },
    );
  });

  it('takes a time that is linear in the text, also for periodic secrets', () => {
    const cost = (text: string, secret: string) => {
      const redactor = withSecret(secret);
      const began = performance.now();
      redactor.text(text);
      return performance.now() - began;
    };
    // A search that compares the whole secret at every place would take hours for these.
    expect(cost('a'.repeat(4_000_000), `${'a'.repeat(60_000)}b`)).toBeLessThan(20_000);
    expect(cost('a'.repeat(4_000_000), 'a'.repeat(60_000))).toBeLessThan(20_000);
  });
});
