// Waiting for work no longer than a while, and leaving nothing behind that keeps a process from ending.

/** Until the work is over, or `ms` milliseconds have passed; the work goes on then. @throws what the work throws */
export async function within(ms: number, work: Promise<unknown>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<void>((done) => {
    timer = setTimeout(done, ms);
  });
  try {
    await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
