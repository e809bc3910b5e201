// Whether components run in threads, in which other calls go on while one computes: tests that need that ask.
export const HAS_THREADS: boolean = true;
