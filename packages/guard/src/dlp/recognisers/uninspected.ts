// What a scan gave up on: found in place of what may be there, so that nobody takes silence for a clean text.
import type { Recogniser } from './recogniser.ts';

/** Too much to look into. Whoever asks has to assume the worst. */
export const UNINSPECTED: Recogniser = { id: 'uninspected', pattern: '\\0', split: false, hits: [], misses: [] };
