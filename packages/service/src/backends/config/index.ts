// The configuration of a service: pypes.toml, the environment, the defaults.

export { keepStripped, startEarly } from '../early.ts';
export type { Config } from './config.ts';
export { type ConfigReading, type ReadConfigOptions, readConfig } from './read-config.ts';
export { toReference } from './reference.ts';
export type { ShownSetting } from './show.ts';
export { type ConfiguredOptions, toServiceOptions } from './to-options.ts';
export type { ConfigToken } from './tokens.ts';
