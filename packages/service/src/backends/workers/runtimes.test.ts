// Which language runs where: in the Worker, in isolates that it starts, at another endpoint, or nowhere.
import { describe, expect, it } from 'vitest';
import { createEdgeRuntimes, type EdgeSurroundings, namesOfLanguages } from './runtimes.ts';

const REMOTE = { url: 'https://a.example', key: 'k'.repeat(32), callback: 'https://edge.example' };
const LOADER = { load: () => expect.fail('No isolate is started before a call') };
const MODULE = new WebAssembly.Module(Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0));
const MODULES = {
  quickjs: MODULE,
  typescript: MODULE,
  components: { createTool: () => expect.fail('Nothing is transpiled before a call'), modules: {}, guest: '' },
};

const HERE = ['lispy', 'javascript', 'lua'];
const CASES: readonly (readonly [string, EdgeSurroundings, readonly string[], string])[] = [
  ['nothing', {}, HERE, 'missing'],
  ['a loader', { loader: LOADER }, [...HERE, 'component'], 'component'],
  ['another endpoint', { remote: REMOTE }, [...HERE, 'python', 'component'], 'component'],
  ['both', { remote: REMOTE, loader: LOADER }, [...HERE, 'python', 'component'], 'component'],
];

describe.each(CASES)('with %s', (_, surroundings, names, ofWasm) => {
  it('the names are those of what runs, and one runtime has each kind of file', () => {
    expect(namesOfLanguages(surroundings)).toEqual(names);
    const { runtimes } = createEdgeRuntimes(MODULES, surroundings);
    const extensions = runtimes.flatMap((runtime) => runtime.extensions);
    expect(new Set(extensions).size).toBe(extensions.length);
    expect(runtimes.find((runtime) => runtime.extensions.includes('.wasm'))?.name).toBe(ofWasm);
    const missing = runtimes.find(({ name }) => name === 'missing');
    expect(missing?.extensions ?? []).toEqual(
      surroundings.remote !== undefined ? [] : surroundings.loader === undefined ? ['.py', '.wasm'] : ['.py'],
    );
  });
});
