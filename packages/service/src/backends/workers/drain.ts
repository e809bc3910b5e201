// A refused body is read to its end: whoever sends it then hears the refusal, and no broken connection.

/** Whoever sends more may find the connection closed. */
const MOST_BYTES = 128 * 1024 * 1024;

/** Reads and throws away what nobody has read of a body. Never rejects. */
export async function drain({ body, bodyUsed }: Request): Promise<void> {
  if (body === null || bodyUsed || body.locked) return;
  try {
    const reader = body.getReader();
    for (let bytes = 0; bytes <= MOST_BYTES; ) {
      const { done, value } = await reader.read();
      if (done) return;
      bytes += value.length;
    }
    await reader.cancel();
  } catch {
    // Its sender went away: nobody is left to be answered.
  }
}
