// The way out to the network: for requests of agents, and for browsers of their sessions.
export { createEgress, type EgressSetup } from './egress.ts';
export { createEgressProxy, type EgressProxy, type EgressProxyOptions } from './proxy.ts';
