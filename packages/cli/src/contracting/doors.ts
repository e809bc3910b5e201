// The contract agent of this machine, by one door: the only file of the command line that knows where it is.
export {
  type Choice,
  type ContractOptions,
  contract,
  type Drafted,
  type Offer,
  type OpenInput,
  type Outcome,
  type Person,
  plain,
} from '../../../service/src/backends/contracting/index.ts';
