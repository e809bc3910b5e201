// The MCP door: a host's agents as tools, prompts and resources, over HTTP in both protocols, and over stdio.
export type { McpCaller } from './caller.ts';
export { createMcpCore, type McpCore, type McpOptions } from './core.ts';
export { createMcpDoor, type McpDoor, type McpDoorOptions } from './door/door.ts';
export { createMcpServer, type ServerFor } from './server/server.ts';
