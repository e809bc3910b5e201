// The contract agent on a machine.
export { type ContractOptions, contract } from './contract.ts';
export {
  type Choice,
  type Drafted,
  type Offer,
  type OpenInput,
  type Outcome,
  type Person,
  plain,
} from './host-contracting.ts';
