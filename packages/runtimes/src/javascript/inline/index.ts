// The JavaScript and TypeScript runtime for the edge.
export { withFineInterrupts } from './fine-interrupts.ts';
export { createInlineJavascript, type InlineJavascriptModules } from './runtime.ts';
