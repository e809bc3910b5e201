// JSON Schema as closures, for hosts that refuse to generate code (Workers, browsers).
export { createPortableCompiler } from './compiler.ts';
