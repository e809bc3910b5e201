// A failure inside QuickJS, with the stack as QuickJS writes it.
export class InnerError extends Error {
  override readonly name = 'InnerError';
  /** `error.code`, where the agent's error had one. */
  readonly code: string | undefined;
  readonly innerStack: string;

  constructor({ code, message, stack }: { readonly code?: string; readonly message: string; readonly stack: string }) {
    super(message);
    this.code = code;
    this.innerStack = stack;
  }
}
