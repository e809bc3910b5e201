// The contract agent of the host, by one door: the only file of the back ends that knows where it is.
export {
  type Choice,
  createSearch,
  createTextCheck,
  type Drafted,
  type Found,
  type Model,
  negotiate,
  type Offer,
  type OfferCatalog,
  type OpenInput,
  type Outcome,
  type Person,
  plain,
} from '@pypes/host/contracting';
