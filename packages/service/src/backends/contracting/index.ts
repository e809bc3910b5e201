// The contract agent on a machine.
export { contract } from './contract.ts';
export { type Choice, type Drafted, type OpenInput, type Outcome, type Person, plain } from './host-contracting.ts';
