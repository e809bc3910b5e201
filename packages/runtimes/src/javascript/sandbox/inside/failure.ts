// Runs inside QuickJS: what an agent threw, as text; whatever it threw, and however hostile it is.

/** What the thread is told of a failure. */
export type InnerFailure = {
  readonly code?: string;
  readonly message: string;
  readonly stack: string;
};

export function toFailureText(thrown: unknown): string {
  return JSON.stringify(toFailure(thrown));
}

function toFailure(thrown: unknown): InnerFailure {
  try {
    if (!(thrown instanceof Error)) return { message: `Threw ${kindOf(thrown)}, not an Error`, stack: '' };
    const { name, message, stack } = thrown;
    const code = (thrown as { readonly code?: unknown }).code;
    const text = String(message) === '' ? String(name) : `${String(name)}: ${String(message)}`;
    return { ...(typeof code === 'string' ? { code } : {}), message: text, stack: String(stack ?? '') };
  } catch {
    return { message: 'Threw an error that cannot be read', stack: '' };
  }
}

function kindOf(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, 200));
  return value === null ? 'null' : typeof value === 'object' ? 'an object' : String(value);
}

/** A value as one reads it in a log. */
export function describe(value: unknown): string {
  try {
    if (typeof value === 'string') return value;
    if (value instanceof Error) return `${String(value)}\n${String(value.stack ?? '')}`.trimEnd();
    if (typeof value === 'object' && value !== null) return JSON.stringify(value) ?? String(value);
    return String(value);
  } catch {
    return 'a value that cannot be read';
  }
}
