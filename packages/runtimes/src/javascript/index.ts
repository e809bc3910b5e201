// The JavaScript and TypeScript runtime for trusted files.
export { createJavascriptRuntime, type JavascriptOptions } from './runtime.ts';
