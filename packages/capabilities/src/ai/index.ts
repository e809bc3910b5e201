// The gateway to models, over the AI SDK's providers.
export { forAgents } from './agent.ts';
export { type AiGatewayOptions, createAiGateway } from './gateway.ts';
export type { AiBudget, AiModel, AiProvider, AiRecord, AiSettings } from './types.ts';
