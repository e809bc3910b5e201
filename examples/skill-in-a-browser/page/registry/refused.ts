// Why something does not load: one error, with the reasons that the registry client on Node has.
import type { RegistryFault } from '@pypes/registry';

/** Refused; `reason` is a row of the same closed list as on Node, whose types alone are imported. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly reason: RegistryFault;

  constructor(reason: RegistryFault, message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}
