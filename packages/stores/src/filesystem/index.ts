// Stores on a disk: packs and memory below one root, and operators' folders of agent files.
export { appendLines } from './append.ts';
export { createAgentFolder } from './folder.ts';
export { createFilesystemMemoryStore } from './memory.ts';
export { createFilesystemPackStore } from './packs.ts';
