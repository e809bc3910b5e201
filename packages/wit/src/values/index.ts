// WIT values: compiled checks and conversions between JSON and what components take and give.
export { WitValueError, type WitViolation } from './errors.ts';
export { compileFunction, type FunctionCodec } from './function.ts';
export type { HandleTable, HandleType } from './handle.ts';
export { interfaceName } from './interface-name.ts';
export { toCamelCase } from './names.ts';
export { type CompileOptions, compileValue, type ValueCodec } from './value.ts';
export type { ValueLimits } from './walk.ts';
