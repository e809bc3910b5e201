// Who may import whom (DESIGN.md, invariants): checked by `npm run boundaries`, proven by boundaries.test.ts.

/** A package imports only itself and the packages named. */
const only = (from, ...to) => ({
  name: `${from}-imports-only-${to.join('-') || 'nothing'}`,
  comment: 'See ARCHITECTURE.md, who may import whom',
  severity: 'error',
  from: { path: `^packages/${from}/src`, pathNot: TESTS },
  to: { path: '^packages/', pathNot: `^packages/(${[from, ...to].join('|')})/` },
});

/** Siblings never import each other. */
const apart = (family, ...shared) => ({
  name: `${family}-are-apart`,
  comment: 'Drivers of one family share what lies beside their folders, never what lies in them',
  severity: 'error',
  from: { path: `^packages/${family}/src/([^/]+)/`, pathNot: TESTS },
  to: {
    path: `^packages/${family}/src/([^/]+)/`,
    pathNot: `^packages/${family}/src/(${['$1', 'testing', ...shared].join('|')})/`,
  },
});

const TESTS = '\\.(test|suite|fixture)\\.ts$|/testing/|/escape/';

/** Loads in a Worker and a browser: no platform modules. */
const PORTABLE =
  '^packages/(contract|lispy|wit|guard|host)/src|^packages/stores/src/(memory|durable-object)/' +
  '|^packages/schemas/src/(portable/|[a-z-]+\\.ts$)|^packages/runtimes/src/(remote/|bridge|abort)' +
  '|^packages/runtimes/src/(inline|javascript/inline|javascript/sandbox/inside|lua/inline)/' +
  '|^packages/runtimes/src/javascript/(source/(agent|exports|literal|parse)|sandbox/read)' +
  '|^packages/runtimes/src/javascript/sandbox/guest/(engine|failure|inner-error|instance|language|modules|platform|services)' +
  '|^packages/runtimes/src/lua/(read|guest/(failure|language|outcome|prelude|program))' +
  '|^packages/runtimes/src/threads/(file-text|pool/(call|errors|guest-requests|payload)|wire/messages)' +
  '|^packages/runtimes/src/threads/guest/(bounded-output|engines|failure|language|logs|output|requests)' +
  '|^packages/runtimes/src/component/(inline/|fuel/|read/|core/read/|guest/wasi/|imports|memory|attachment|transpile/tool\\.ts)' +
  '|^packages/runtimes/src/component/guest/(failure|handles|host|import-function|imports|in-turn|instance|meter)' +
  '|^packages/service/src/(http|mcp)|^packages/service/src/backends/(workers|public-auth)';

module.exports = {
  forbidden: [
    only('contract'),
    only('lispy'),
    only('guard', 'contract'),
    only('host', 'contract', 'guard'),
    only('wit'),
    only('runtimes', 'contract', 'lispy', 'wit'),
    only('registry', 'contract'),
    // Who judges others does not lean on our own code.
    only('conformance'),
    only('stores', 'contract'),
    only('engines', 'contract'),
    only('telemetry', 'contract'),
    only('schemas', 'contract'),
    only('capabilities', 'contract'),
    only('translate', 'contract', 'lispy'),
    {
      name: 'http-imports-no-driver',
      severity: 'error',
      from: { path: '^packages/service/src/(http|mcp)/', pathNot: TESTS },
      to: { path: '^packages/', pathNot: '^packages/((contract|host|guard)/|service/src/(http|mcp)/)' },
    },
    // The pool of threads is no language: languages run in it, and inline without one.
    apart('runtimes', 'threads', 'inline'),
    apart('stores'),
    apart('engines'),
    apart('schemas'),
    {
      name: 'portable-code-uses-no-platform',
      severity: 'error',
      from: { path: PORTABLE, pathNot: TESTS },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'no-cycles',
      comment: "The modules of LisPy's compiler call each other the way its forms nest, and only from inside functions",
      severity: 'error',
      from: { pathNot: 'node_modules|^packages/lispy/src/' },
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no-unresolvable',
      comment: 'The package names a file for Node that it does not have; the edge takes the one that it has',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '^@swc/wasm-typescript-esm$' },
    },
    {
      name: 'no-undeclared',
      severity: 'error',
      from: { path: '^packages/', pathNot: TESTS },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '/dist/|/fixtures/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default'],
      extensions: ['.ts', '.mjs', '.js'],
    },
  },
};
