// Modules that compilers made: metered, they are as valid as before, and do what they did.
import { existsSync, globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { stripWith } from '../../javascript/inline/strip.ts';
import { createQuickJs } from '../../javascript/sandbox/guest/instance.ts';
import { readInlineModules } from '../../testing/inline-modules.ts';
import { readSections } from '../read/bytes.ts';
import { fetching } from '../testing/fetching.ts';
import { hosted } from '../testing/hosted.ts';
import { echoing, ending, folding, results, swelling } from '../testing/hostile.ts';
import { keeping, twoKinds } from '../testing/keeping.ts';
import { withImportedMemory, withModules } from '../testing/memories.ts';
import { counters, counterUser, twoVersions } from '../testing/resources.ts';
import { asking, plain } from '../testing/skills.ts';
import { prices } from '../testing/wired.ts';
import { meterModule } from './index.ts';

const ROOT = new URL('../../../../../', import.meta.url);
const read = (path: string) => new Uint8Array(readFileSync(new URL(path, ROOT)));
const CORE_MODULE = 1;
const COMPONENT = 4;

/** The core modules of a component and of those in it. */
function modulesOf(component: Uint8Array): Uint8Array[] {
  const sections = readSections(component, () => {
    throw new RangeError('The component is cut off');
  });
  return sections.flatMap(({ id, start, end }) => {
    if (id === CORE_MODULE) return [component.subarray(start, end)];
    return id === COMPONENT ? modulesOf(component.subarray(start, end)) : [];
  });
}

function expectValid(modules: readonly Uint8Array[]): void {
  expect(modules.length).toBeGreaterThan(0);
  for (const module of modules) expect(WebAssembly.validate(meterModule(module, 'a.wasm'))).toBe(true);
}

describe('valid is what is left of', () => {
  it.each([
    'node_modules/@bytecodealliance/jco-transpile/vendor/js-component-bindgen-component.core.wasm',
    'node_modules/@bytecodealliance/jco-transpile/vendor/js-component-bindgen-component.core2.wasm',
    'node_modules/@bytecodealliance/jco-transpile/vendor/wasm-tools.core.wasm',
    'node_modules/@jitl/quickjs-ng-wasmfile-release-sync/dist/emscripten-module.wasm',
    'node_modules/@swc/wasm-typescript-esm/wasm_bg.wasm',
    'node_modules/wasmoon/dist/glue.wasm',
  ])('%s', (path) => expectValid([read(path)]));

  const pyodide = 'node_modules/pyodide/pyodide.asm.wasm';
  // Not everyone who has this has Python.
  it.skipIf(!existsSync(new URL(pyodide, ROOT)))(pyodide, () => expectValid([read(pyodide)]));

  it.each(globSync('skills/*/component.wasm', { cwd: fileURLToPath(ROOT) }))('%s', (path) =>
    expectValid(modulesOf(read(path))),
  );

  it('components of the tests', async () => {
    const components = [asking, counterUser, counters, echoing, ending, fetching, folding, hosted, keeping, plain]
      .concat([prices, results, swelling, twoKinds, twoVersions])
      .concat(
        () => withModules(3),
        () => withImportedMemory('1', '1'),
      );
    for (const build of components) expectValid(modulesOf(await build()));
  });
});

describe('QuickJS', () => {
  const { quickjs } = readInlineModules();
  const evaluate = async (module: Uint8Array<ArrayBuffer>, program: string) => {
    const context = (await createQuickJs(new WebAssembly.Module(module), 2 ** 24)).newRuntime().newContext();
    return context.dump(context.unwrapResult(context.evalCode(program)));
  };
  it.each([
    'const f = (n) => n < 2 ? n : f(n - 1) + f(n - 2); f(12)',
    'JSON.stringify(Object.entries({ a: 1.5, b: [1, , 3] }).map(([a, b]) => a + b))',
    '"one two three".replace(/(\\w+) (\\w+)/, "$2 $1") + new Date(0).toISOString()',
    'try { null.a } catch (error) { String(error) }',
    'let s = 0; for (const x of (function* () { for (let i = 0; i < 99; i++) yield i ** 2 })()) s += x; s',
  ])('computes the same: %s', async (program) => {
    expect(await evaluate(meterModule(quickjs, 'a.wasm'), program)).toStrictEqual(await evaluate(quickjs, program));
  });

  it('ends where its program does not', async () => {
    await expect(evaluate(meterModule(quickjs, 'a.wasm'), 'for (;;);')).rejects.toThrow(/unreachable/);
  });
});

it('SWC in WebAssembly strips types', async () => {
  const { typescript } = readInlineModules();
  const strip = stripWith(new WebAssembly.Module(meterModule(typescript, 'a.wasm')));
  expect(await strip('export const add = (a: number, b?: string): unknown => a!;', 'a.ts')).toBe(
    'export const add = (a        , b         )          => a ;',
  );
});
