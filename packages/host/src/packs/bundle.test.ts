// Bundles: what is kept, skipped and refused, with the attacks on file names.
import { createHash } from 'node:crypto';
import { DEFAULT_LIMITS, type Json } from '@pypes/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseBundle } from './bundle.ts';

const rules = {
  limits: { ...DEFAULT_LIMITS, fileBytes: 100, componentBytes: 200 },
  languages: new Set(['.py', '.lispy', '.js', '.wasm']),
};
const parse = (bundle: Json) => parseBundle(bundle, rules);
const bundle = (...agents: Json[]): Json => ({ schema: 'pack/1.0', agents });
const sha = (text: string) => createHash('sha256').update(text).digest('hex');

describe('parseBundle', () => {
  it('keeps unknown keys, drops sources and keys of the host', async () => {
    const parsed = await parse({
      schema: 'pack/1.0',
      name: 'n',
      extra: { a: 1 },
      token_sha256: 'forged',
      agents: [{ filename: 'a.py', source: 'x', tags: ['t'], sha256: `SHA256:${sha('x').toUpperCase()}` }],
    });
    expect(parsed.manifest).toEqual({
      schema: 'pack/1.0',
      name: 'n',
      extra: { a: 1 },
      agents: [{ filename: 'a.py', tags: ['t'], sha256: sha('x') }],
    });
  });

  it('keeps a valid guid in its one spelling, and no other text', async () => {
    const guidOf = async (pack_guid: Json) => (await parse({ schema: 'pack/1.0', pack_guid, agents: [] })).packGuid;
    expect(await guidOf(' 1B4E28BA-2FA1-41D2-883F-0016D3CCA427 ')).toBe('1b4e28ba-2fa1-41d2-883f-0016d3cca427');
    for (const wrong of ['', 'abc', '../x', null, '1b4e28ba-2fa1-41d2-883f-0016d3cca42z'])
      expect(await guidOf(wrong)).toBeUndefined();
  });

  it('takes the older spelling of the schema, and no third one', async () => {
    expect((await parse({ schema: 'rapp-swarm/1.0', agents: [] })).manifest.schema).toBe('pack/1.0');
    for (const schema of ['pack/2.0', undefined, 1, null]) {
      await expect(parse({ ...(schema === undefined ? {} : { schema }), agents: [] })).rejects.toMatchObject({
        code: 'unsupported_schema',
      });
    }
  });

  it.each([
    [null],
    [[]],
    ['x'],
    [{ schema: 'pack/1.0' }],
    [{ schema: 'pack/1.0', agents: [1] }],
    [{ schema: 'pack/1.0', agents: [], name: 1 }],
  ])('refuses %j', async (value) => {
    await expect(parse(value as Json)).rejects.toMatchObject({
      code: expect.stringMatching(/invalid_request|unsupported_schema/),
    });
  });

  it('reduces names to their last part and skips what is blank, unsafe or unknown', async () => {
    const parsed = await parse(
      bundle(
        { filename: '../../../etc/cron.d/evil.py', source: 'x' },
        { filename: 'C:\\windows\\run.js', source: 'x' },
        { filename: '', source: 'x' },
        { source: 'x' },
        { filename: 'a/', source: 'x' },
        { filename: '..', source: 'x' },
        { filename: '.hidden.py', source: 'x' },
        { filename: 'nul\u0000.py', source: 'x' },
        { filename: 'note.txt', source: 'x' },
        { filename: 'run', source: 'x' },
        { filename: 'blank.py', source: '  \n' },
        { filename: 'nothing.py' },
        { filename: `${'x'.repeat(300)}.py`, source: 'x' },
      ),
    );
    expect(parsed.files.map((file) => file.filename)).toEqual(['evil.py', 'run.js']);
    expect(parsed.skipped).toHaveLength(11);
    for (const { reason } of parsed.skipped) expect(reason).not.toBe('');
  });

  it('never gives a file a name with a path in it', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary' }), async (name) => {
        const { files } = await parse(bundle({ filename: `${name}.py`, source: 'x' }));
        for (const { filename } of files) {
          expect(filename.startsWith('.')).toBe(false);
          for (const unsafe of ['/', '\\', '\u0000']) expect(filename.includes(unsafe)).toBe(false);
        }
      }),
    );
  });

  it('lets the later of two files of one name win, and says so', async () => {
    const parsed = await parse(bundle({ filename: 'a.py', source: '1' }, { filename: 'x/a.py', source: '2' }));
    expect(new TextDecoder().decode(parsed.files[0]?.bytes)).toBe('2');
    expect(parsed.skipped).toHaveLength(1);
  });

  it('reads base64 and refuses what is none', async () => {
    const parsed = await parse(bundle({ filename: 'a.wasm', source_base64: 'AGFz\nbQ==' }));
    expect([...(parsed.files[0]?.bytes ?? [])]).toEqual([0, 97, 115, 109]);
    await expect(parse(bundle({ filename: 'a.wasm', source_base64: '***' }))).rejects.toMatchObject({
      code: 'invalid_request',
    });
  });

  it('verifies digests', async () => {
    await expect(parse(bundle({ filename: 'a.py', source: 'x', sha256: sha('y') }))).rejects.toMatchObject({
      code: 'digest_mismatch',
    });
    await expect(parse(bundle({ filename: 'a.py', source: 'x', sha256: 5 }))).rejects.toMatchObject({
      code: 'digest_mismatch',
    });
  });

  it('holds each limit on both sides', async () => {
    await expect(parse(bundle({ filename: 'a.py', source: 'x'.repeat(100) }))).resolves.toBeDefined();
    await expect(parse(bundle({ filename: 'a.py', source: 'x'.repeat(101) }))).rejects.toMatchObject({
      code: 'too_large',
    });
    await expect(parse(bundle({ filename: 'a.wasm', source: 'x'.repeat(200) }))).resolves.toBeDefined();
    await expect(parse(bundle({ filename: 'a.wasm', source: 'x'.repeat(201) }))).rejects.toMatchObject({
      code: 'too_large',
    });
  });
});
