// The JavaScript and TypeScript runtime for trusted files.
export type { JavascriptOptions } from './options.ts';
export { createJavascriptRuntime } from './runtime.ts';
