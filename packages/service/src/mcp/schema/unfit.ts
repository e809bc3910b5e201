// Why a schema cannot be given to clients as it is.

/** A reason; caught where schemas are made safe, it never leaves this folder. */
export class Unfit extends Error {
  override readonly name = 'Unfit';
}
