// Languages that run at another endpoint.
export { packOfAsk } from './call-id.ts';
export type { RemoteLanguage, RemoteOptions } from './options.ts';
export { createRemoteRuntime, type RemoteRuntime } from './runtime.ts';
