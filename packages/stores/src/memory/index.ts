// Stores that live as long as the process: for tests, examples and hosts that keep nothing.
export { createMemoryMemoryStore } from './memory.ts';
export { createMemoryPackStore } from './packs.ts';
