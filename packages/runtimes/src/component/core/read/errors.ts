// Why a core module is refused before anything of it runs.
import type { Json } from '@pypes/contract';

export class CoreModuleError extends Error {
  readonly details: { readonly [key: string]: Json };

  constructor(message: string, details: { readonly [key: string]: Json } = {}) {
    super(message);
    this.details = details;
  }
}
