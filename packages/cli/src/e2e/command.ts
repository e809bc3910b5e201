// The command as tests start it: bundled, where `npm test` has written it, else from its sources.
import { resolve } from 'node:path';

/** The file that Node is given. A bundled command takes less than half of the processor's time to start. */
export const PYPES = resolve(process.env.PYPES_TEST_COMMAND || `${import.meta.dirname}/../../bin/pypes.mjs`);
