// MCP servers as packs: reviewed and pinned by a person, mounted behind the guard.
export { type MountReview, reviewServer, type ToolChange, unmountServer } from './add.ts';
export { type McpMount, mountServers } from './mount.ts';
export type { PinnedServer, ServerAddress } from './pins.ts';
