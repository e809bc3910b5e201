// One text for each JSON value, the same for values that are equal: comparing texts takes time in step with their size.
import type { Json, JsonObject } from '@pypes/contract';

/** Undefined where the text would be longer than `most` characters. */
export function canonical(value: Json, most?: undefined): string;
export function canonical(value: Json, most: number): string | undefined;
export function canonical(value: Json, most = Number.POSITIVE_INFINITY): string | undefined {
  let text = '';
  // Without recursion: the value is a stranger's. Strings that wait are text, everything else is a value.
  const waiting: ({ readonly text: string } | { readonly value: Json })[] = [{ value }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (text.length > most) return undefined;
    if ('text' in next) text += next.text;
    else if (typeof next.value === 'object' && next.value !== null) text += open(next.value);
    else text += typeof next.value === 'number' ? String(next.value + 0) : JSON.stringify(next.value);
  }
  return text.length > most ? undefined : text;

  function open(whole: readonly Json[] | JsonObject): string {
    if (Array.isArray(whole)) {
      waiting.push({ text: ']' });
      for (let index = whole.length - 1; index >= 0; index -= 1) {
        waiting.push({ text: ',' }, { value: whole[index] as Json });
      }
      return '[';
    }
    waiting.push({ text: '}' });
    for (const key of Object.keys(whole).sort().reverse()) {
      waiting.push({ text: ',' }, { value: (whole as JsonObject)[key] as Json }, { text: `${JSON.stringify(key)}:` });
    }
    return '{';
  }
}
