// Cuts secrets out of texts and JSON before they leave a chain of calls, in whatever common form they are written.
import { isJsonObject, type Json, type JsonObject } from '@pypes/contract';
import { formsOf } from './forms.ts';
import { createSearch } from './search.ts';

/** What must not come out. */
export interface Redactor {
  /** From now on the value, and what {@link formsOf} derives from it, is replaced by `[secret NAME]`. */
  add(name: string, value: string): void;
  text(text: string): string;
  /** Texts and keys of objects, at any depth; the same reference where there was nothing to replace. */
  json(value: Json): Json;
}

/**
 * A redactor without secrets, which costs one comparison until it has some. The time is linear in the text, whatever
 * the text and the secrets are. A second line of defence: who holds a secret can always write it in a form of their
 * own, which is why it should rather be put in at egress. A secret that is split over several texts is not seen.
 *
 * @example
 * const redactor = createRedactor();
 * redactor.add('API_KEY', 'sesame42');
 * redactor.text('token=c2VzYW1lNDI='); // 'token=[secret API_KEY]='
 */
export function createRedactor(): Redactor {
  const search = createSearch();
  const values = new Map<string, string>();
  let isEmpty = true;
  let hasDigits = false;
  let marks = new Map<string, string>();

  function text(input: string): string {
    if (isEmpty) return input;
    const hits = search.find(input);
    if (hits.length === 0) return input;
    let output = '';
    let at = 0;
    for (const { start, end, name } of hits) {
      output += input.slice(at, start) + (marks.get(name) ?? '');
      at = end;
    }
    return output + input.slice(at);
  }

  function json(value: Json): Json {
    if (isEmpty) return value;
    if (typeof value === 'string') return text(value);
    if (typeof value === 'number') return hasDigits ? number(value) : value;
    if (Array.isArray(value)) return list(value as readonly Json[]);
    return isJsonObject(value) ? object(value) : value;
  }

  function number(value: number): Json {
    const written = String(value);
    const redacted = text(written);
    return redacted === written ? value : redacted;
  }

  function list(items: readonly Json[]): readonly Json[] {
    let changed = false;
    const redacted = items.map((item) => {
      const other = json(item);
      changed ||= other !== item;
      return other;
    });
    return changed ? redacted : items;
  }

  function object(members: JsonObject): JsonObject {
    let changed = false;
    const redacted: [string, Json][] = [];
    for (const key of Object.keys(members)) {
      const value = members[key] as Json;
      const entry: [string, Json] = [text(key), json(value)];
      changed ||= entry[0] !== key || entry[1] !== value;
      redacted.push(entry);
    }
    return changed ? Object.fromEntries(redacted) : members;
  }

  return {
    add(name, value) {
      if (value === '' || values.has(value)) return;
      values.set(value, name);
      for (const form of formsOf(value)) {
        search.add(form, name);
        hasDigits ||= /^[-+.\de]+$/.test(form.text);
      }
      isEmpty = false;
      marks = new Map([...values.values()].map((known) => [known, markOf(known, search.find)]));
    },
    text,
    json,
  };
}

/** A mark that gives no secret away, should one be a part of the usual mark. */
function markOf(name: string, find: (text: string) => readonly unknown[]): string {
  return [`[secret ${name}]`, '[hidden]', '***'].find((mark) => find(mark).length === 0) ?? '';
}
