// A failure inside QuickJS, with the stack as QuickJS writes it.
export class InnerError extends Error {
  override readonly name = 'InnerError';
  /** `error.code`, where the agent's error had one. */
  readonly code: string | undefined;
  readonly innerStack: string;

  /** What an agent has in its hands may be anything, whatever its prelude would say. */
  constructor({
    code,
    message,
    stack,
  }: { readonly code?: unknown; readonly message?: unknown; readonly stack?: unknown }) {
    super(typeof message === 'string' ? message : 'Threw an error that cannot be read');
    this.code = typeof code === 'string' ? code : undefined;
    this.innerStack = typeof stack === 'string' ? stack : '';
  }
}
