// One form for texts that look alike: what a reader cannot tell apart must not be told apart by the guard either.

/** Case, compatibility forms and invisible characters removed: how proofs compare. */
export function fold(text: string): string {
  if (isAscii(text)) return text.toLowerCase();
  return text.normalize('NFKC').replace(INVISIBLE, '').toLowerCase();
}

/** {@link fold}, and letters of other scripts and accents as the Latin letters they look like: how mentions compare. */
export function foldLookalikes(folded: string): string {
  if (isAscii(folded)) return folded;
  const bare = folded.normalize('NFKD').replace(MARKS, '');
  let out = '';
  for (const char of bare) out += LOOKALIKES.get(char) ?? char;
  return out;
}

/** Whether a text has more in it than what is seen: invisible characters, or letters that only look plain. */
export function isDisguised(text: string): boolean {
  return !isAscii(text) && (text.search(INVISIBLE) !== -1 || text.normalize('NFKC') !== text.normalize('NFC'));
}

/** Texts of ASCII have one form. */
export function isAscii(text: string): boolean {
  return ASCII.test(text);
}

const INVISIBLE = /[\p{Default_Ignorable_Code_Point}\p{Cf}]/gu;
const MARKS = /\p{M}/gu;
// biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII is meant
const ASCII = /^[\x00-\x7f]*$/;

/** Pairs: a letter, and the Latin letter that it looks like. */
const PAIRS =
  'аa вb еe ёe кk ӏl мm нh оo рp сc тt уy хx ԁd ԛq ѕs іi јj һh ԝw ԍg гr пn ьb αa βb γy εe ηn ιi κk νv οo ρp τt υu χx ωw ıi ȷj łl øo đd ħh ŧt ɡg ɩi ʟl ɴn ʀr ʏy օo սu ոn հh ցg զq';

const LOOKALIKES: ReadonlyMap<string, string> = new Map(
  PAIRS.split(' ').map((pair): [string, string] => {
    const [from = '', to = ''] = [...pair];
    return [from, to];
  }),
);
