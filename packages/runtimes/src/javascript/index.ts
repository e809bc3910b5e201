// The JavaScript and TypeScript runtimes: for trusted files, and for those of strangers.
export { createJavascriptRuntime, type JavascriptOptions } from './runtime.ts';
export { createJavascriptSandbox, type JavascriptSandboxOptions } from './sandbox/runtime.ts';
