// JSON Schema through Ajv: compiled to code, for hosts that may generate code (Node).
export { createAjvCompiler } from './compiler.ts';
