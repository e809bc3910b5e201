// Account numbers (ISO 13616) that a text writes in groups, so that they compare with those that are written as one.

/**
 * The account numbers of a text that are written in groups of four, without their spaces. Where words follow, the
 * check digits tell where the number ends.
 *
 * @example
 * ibansIn('to DE89 3704 0044 0532 0130 00 please'); // ['de89370400440532013000']
 */
export function ibansIn(text: string): readonly string[] {
  const found: string[] = [];
  for (const [run] of text.toLowerCase().matchAll(GROUPED)) {
    const groups = run.split(' ');
    while (groups.length > 2) {
      const iban = groups.join('');
      if (iban.length >= 15 && iban.length <= 34 && hasCheckDigits(iban)) {
        found.push(iban);
        break;
      }
      groups.pop();
    }
  }
  return found;
}

const GROUPED = /(?<![a-z\d])[a-z]{2}\d{2}(?: [a-z\d]{4}){2,8}(?: [a-z\d]{1,3})?(?![a-z\d])/g;

/** ISO 7064, mod 97-10. */
function hasCheckDigits(iban: string): boolean {
  let rest = 0;
  for (const char of iban.slice(4) + iban.slice(0, 4)) {
    const value = Number.parseInt(char, 36);
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
  }
  return rest === 1;
}
