// Regular expressions of schemas, matched in linear time: a schema comes from a stranger, and so may the value.
import { RE2JS } from 're2js';

/** What Ajv asks of a regular expression engine, which gets no flags here. */
type PatternEngine = {
  (pattern: string): { test(text: string): boolean };
  code: string;
};

/**
 * Compiles a schema's `pattern` with RE2. Look-around and back-references, which no linear-time engine has, are
 * refused when the schema is compiled.
 *
 * @throws Error that names the pattern and what it may not use
 */
export const linearPattern: PatternEngine = Object.assign(
  (pattern: string) => {
    try {
      return RE2JS.compile(RE2JS.translateRegExp(pattern));
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new Error(
        `The pattern ${JSON.stringify(pattern)} is not in RE2 syntax (no look-around, no back-references): ${reason}`,
      );
    }
  },
  // Only standalone code generation reads this, which is not used here.
  { code: 'linearPattern' },
);
