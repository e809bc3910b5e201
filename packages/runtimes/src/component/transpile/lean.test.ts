// The glue is made lean by text: it has to be the text that this version of the tool writes.
import { beforeAll, expect, it } from 'vitest';
import { plain } from '../testing/skills.ts';
import { makeLean } from './lean.ts';
import type { Transpiled } from './tool.ts';
import { transpile } from './transpile.ts';

let glue = '';
let modules: Transpiled['modules'] = {};
beforeAll(async () => {
  const options = { imports: [], waiting: undefined };
  ({ glue, modules } = await transpile(await plain(), options, { path: 'plain.wasm', deadlineMs: 30_000 }));
});

it('no longer asks for a debug setting', () => {
  expect(glue).toContain('JCO_DEBUG');
  expect(makeLean(glue)).not.toContain('JCO_DEBUG');
});

it('no longer counts text unit by unit', () => {
  expect(glue).toContain('codepoints++');
  expect(makeLean(glue)).not.toContain('codepoints');
});

it('leaves glue of another kind alone', () => {
  expect(makeLean('export const instantiate = 1;')).toBe('export const instantiate = 1;');
});

type Echo = { readonly [name: string]: { readonly echo: (text: string) => string } };

it.each(['', 'text', 'é', '漢字', '👋🏽', '\0', 'a\ud800b', '\udc00', 'x'.repeat(70_000), 'é👋漢'.repeat(9_000)])(
  'passes text %# as before',
  async (text) => {
    const echoOf = async (source: string) => {
      const { instantiate } = (await import(`data:text/javascript,${encodeURIComponent(source)}`)) as {
        readonly instantiate: (get: (name: string) => WebAssembly.Module, imports: object) => Promise<Echo>;
      };
      const exports = await instantiate((name) => new WebAssembly.Module(modules[name] as Uint8Array<ArrayBuffer>), {});
      return exports['test:plain/api@1.0.0']?.echo(text);
    };
    expect(await echoOf(makeLean(glue))).toBe(await echoOf(glue));
    expect(await echoOf(makeLean(glue))).toBe(text.toWellFormed());
  },
);
