// The contract agent of this machine, by one door: the only file of the command line that knows where it is.
export {
  type Choice,
  contract,
  type Drafted,
  type OpenInput,
  type Outcome,
  type Person,
  plain,
} from '@pypes/service/contracting';
