// All recognisers: what `detect` can name.
import { ACCOUNTS } from './accounts.ts';
import { CREDENTIALS } from './credentials.ts';
import { NETWORK } from './network.ts';
import { PAYMENT_CARD } from './payment-card.ts';
import { PERSONAL } from './personal.ts';
import type { Recogniser } from './recogniser.ts';
import { TOKENS } from './secrets.ts';

/** The rows, in the order in which documentation lists them. */
export const RECOGNISERS: readonly Recogniser[] = [
  ...PAYMENT_CARD,
  ...TOKENS,
  ...CREDENTIALS,
  ...PERSONAL,
  ...ACCOUNTS,
  ...NETWORK,
];
