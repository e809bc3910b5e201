// What a page of this site may import by a name: the same files that the names mean to Node, or a package's own browser half.

/** Name → path below the repository. A browser has no package resolution, and import maps do not reach workers. */
export const NAMES: { readonly [name: string]: string } = {
  '@pypes/wit/binary': '/packages/wit/src/binary/index.ts',
  '@pypes/wit/compare': '/packages/wit/src/compare/index.ts',
  '@pypes/wit/schema': '/packages/wit/src/schema/index.ts',
  '@pypes/wit/text': '/packages/wit/src/text/index.ts',
  '@pypes/wit/values': '/packages/wit/src/values/index.ts',
  'smol-toml': '/node_modules/smol-toml/dist/index.js',
  '@bytecodealliance/jco-transpile/component':
    '/node_modules/@bytecodealliance/jco-transpile/vendor/js-component-bindgen-component.js',
  '@bytecodealliance/preview2-shim/cli': '/node_modules/@bytecodealliance/preview2-shim/dist/browser/cli.js',
  '@bytecodealliance/preview2-shim/filesystem':
    '/node_modules/@bytecodealliance/preview2-shim/dist/browser/filesystem.js',
  '@bytecodealliance/preview2-shim/io': '/node_modules/@bytecodealliance/preview2-shim/dist/browser/io.js',
  '@bytecodealliance/preview2-shim/random': '/node_modules/@bytecodealliance/preview2-shim/dist/browser/random.js',
};

/** What may be served at all, below the repository. */
export const SERVED: readonly string[] = [
  '/examples/skill-in-a-browser/page/',
  '/packages/wit/src/',
  '/node_modules/smol-toml/dist/',
  '/node_modules/@bytecodealliance/jco-transpile/vendor/',
  '/node_modules/@bytecodealliance/preview2-shim/dist/browser/',
];
