// The part of an f-string after the colon, taken apart.
import { bool, call, int, text } from '../../ir/build.ts';
import type { Expr } from '../../ir/types.ts';

const SPEC = /^(?:(.)?([<>=^]))?([-+ ])?(0)?(\d{1,4})?(,)?(?:\.(\d{1,2}))?([dfFs%])?$/su;

/** The value in that format; undefined where the format does not translate. */
export function formatCall(spec: string, value: Expr): Expr | undefined {
  const found = SPEC.exec(spec);
  if (found === null) return undefined;
  const [, fill, align, sign, zero, width, comma, precision, type] = found;
  return call(
    'py_format',
    value,
    text(fill ?? ' '),
    text(align ?? ''),
    text(sign === '-' || sign === undefined ? '' : sign),
    bool(zero !== undefined),
    int(Number(width ?? 0)),
    bool(comma !== undefined),
    int(precision === undefined ? -1 : Number(precision)),
    text(type === 'F' ? 'f' : (type ?? '')),
  );
}
