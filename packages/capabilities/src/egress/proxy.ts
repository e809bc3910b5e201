// placeholder
export type EgressProxy = never;
export type EgressProxyOptions = never;
export const createEgressProxy = 1;
