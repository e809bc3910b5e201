// Relates the keywords of numbers and texts of two schemas.
import type { Json, JsonSchema } from '@pypes/contract';
import type { Verdict } from './accepts.ts';
import { worst } from './accepts.ts';
import type { Relate } from './subsume.ts';

/** Numbers: bounds and steps. */
export function relateNumbers(
  relate: Relate,
  type: 'integer' | 'number',
  given: JsonSchema,
  taken: JsonSchema,
  at: string,
): Verdict {
  const verdicts: Verdict[] = [];
  const [low, high] = [lowOf(given), highOf(given)];
  const [least, most] = [lowOf(taken), highOf(taken)];
  if (low.value < least.value || (low.value === least.value && least.open && !low.open && Number.isFinite(low.value))) {
    verdicts.push(relate.note(at, `It may be ${textOf(low.value)}, at least ${least.value} is taken`, stated(low)));
  }
  if (
    high.value > most.value ||
    (high.value === most.value && most.open && !high.open && Number.isFinite(high.value))
  ) {
    verdicts.push(relate.note(at, `It may be ${textOf(high.value)}, at most ${most.value} is taken`, stated(high)));
  }
  const [step, wanted] = [given.multipleOf, taken.multipleOf];
  if (typeof wanted === 'number' && !(wanted === 1 && type === 'integer')) {
    const multiple = typeof step === 'number' && Number.isInteger(step / wanted);
    if (!multiple) verdicts.push(relate.note(at, `It may be no multiple of ${wanted}`, 'unknown'));
  }
  return worst(verdicts);
}

/** Texts: lengths, patterns, formats. */
export function relateStrings(relate: Relate, given: JsonSchema, taken: JsonSchema, at: string): Verdict {
  const verdicts: Verdict[] = [];
  const [least, most] = [numberOf(given.minLength, 0), numberOf(given.maxLength, Infinity)];
  if (least < numberOf(taken.minLength, 0)) {
    verdicts.push(
      relate.note(
        at,
        `It may have ${least} characters, at least ${taken.minLength} are taken`,
        toVerdict(given, 'minLength'),
      ),
    );
  }
  if (most > numberOf(taken.maxLength, Infinity)) {
    const length = Number.isFinite(most) ? `${most} characters` : 'any length';
    verdicts.push(
      relate.note(
        at,
        `It may have ${length}, at most ${taken.maxLength} characters are taken`,
        toVerdict(given, 'maxLength'),
      ),
    );
  }
  for (const key of ['pattern', 'format', 'contentEncoding'] as const) {
    if (taken[key] !== undefined && taken[key] !== given[key]) {
      verdicts.push(
        relate.note(at, `Whether it has the ${key} ${JSON.stringify(taken[key])} cannot be told`, 'unknown'),
      );
    }
  }
  return worst(verdicts);
}

/** What says nothing of its length leaves it open; a pattern or a format may imply one. */
function toVerdict(given: JsonSchema, key: 'minLength' | 'maxLength'): 'breaks' | 'unknown' {
  const implied = given.pattern !== undefined || given.format !== undefined || given.contentEncoding !== undefined;
  return given[key] === undefined || implied ? 'unknown' : 'breaks';
}

function stated(bound: Bound): 'breaks' | 'unknown' {
  return Number.isFinite(bound.value) ? 'breaks' : 'unknown';
}

type Bound = { readonly value: number; readonly open: boolean };

function lowOf({ minimum, exclusiveMinimum }: JsonSchema): Bound {
  const [closed, open] = [numberOf(minimum, -Infinity), numberOf(exclusiveMinimum, -Infinity)];
  return open >= closed && Number.isFinite(open) ? { value: open, open: true } : { value: closed, open: false };
}

function highOf({ maximum, exclusiveMaximum }: JsonSchema): Bound {
  const [closed, open] = [numberOf(maximum, Infinity), numberOf(exclusiveMaximum, Infinity)];
  return open <= closed && Number.isFinite(open) ? { value: open, open: true } : { value: closed, open: false };
}

function textOf(value: number): string {
  return Number.isFinite(value) ? String(value) : value < 0 ? 'as small as it likes' : 'as large as it likes';
}

function numberOf(value: Json | undefined, otherwise: number): number {
  return typeof value === 'number' ? value : otherwise;
}
