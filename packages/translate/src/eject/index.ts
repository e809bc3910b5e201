// Ejecting agents: one self-contained file for each.
export { eject } from './eject.ts';
