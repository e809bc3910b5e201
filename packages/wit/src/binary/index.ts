// The names that this folder gives to the rest of the package: decoders of WebAssembly binaries into resolved WIT.

export { decodeComponent } from './decode-component.ts';
export { decodeEmbeddedWorld } from './decode-embedded.ts';
export { decodeWitPackage } from './decode-package.ts';
export { BinaryError } from './errors.ts';
export { type BinaryKind, describeImports, type ImportedItem, kindOfBinary } from './kind.ts';
