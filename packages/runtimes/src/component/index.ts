// WebAssembly components, and core modules over a small ABI, as agents (spec 4, dynamic loading).

export { isCoreModule } from './core/read/module.ts';
export { checkWit } from './read/shipped-wit.ts';
export { readComponent } from './read/skill.ts';
export { type ComponentOptions, createComponentRuntime } from './runtime.ts';
