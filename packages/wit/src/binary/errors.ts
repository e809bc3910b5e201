// What is thrown when bytes do not say what they should: one error, with the place, because a caller who was handed a
// stranger's file needs to say where it is broken.

/**
 * A binary that cannot be understood: cut off, wrong, too complex, or using what is not supported. Nothing else is
 * thrown by this folder, whatever the bytes.
 */
export class BinaryError extends Error {
  override readonly name = 'BinaryError';
  /** The byte, counted from the start of what was given, at which it was noticed. */
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(`${message} (byte ${offset})`);
    this.offset = offset;
  }
}

/** A short, printable form of text from a stranger's file, for messages. */
export const quoted = (text: string): string => JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);

/** A byte as people write it: `0x0d`. */
export const hex = (byte: number): string => `0x${byte.toString(16).padStart(2, '0')}`;
