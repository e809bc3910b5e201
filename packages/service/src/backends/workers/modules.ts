// WebAssembly that the edge cannot compile itself: it comes as modules beside the Worker.
export type EdgeModules = {
  /** QuickJS: what JavaScript runs in. */
  readonly quickjs: WebAssembly.Module;
  /** What strips types from TypeScript. */
  readonly typescript: WebAssembly.Module;
};
