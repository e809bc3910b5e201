// A few words that mean the same to whoever looks for a tool. Small on purpose: what it cannot find, a model may.
import { stem } from './stem.ts';

const GROUPS: readonly (readonly string[])[] = [
  ['email', 'mail', 'message'],
  ['send', 'deliver', 'post', 'notify'],
  ['stock', 'share', 'equity', 'ticker'],
  ['price', 'quote'],
  ['track', 'watch', 'monitor', 'follow'],
  ['summary', 'digest', 'briefing', 'report'],
  ['weather', 'forecast'],
  ['calendar', 'appointment', 'meeting'],
  ['news', 'headline', 'article'],
  ['get', 'fetch', 'read', 'retrieve', 'list'],
  ['note', 'memo'],
  ['task', 'todo'],
  ['picture', 'image', 'photo'],
  ['file', 'document'],
  ['remind', 'alert'],
  ['delete', 'remove'],
  ['convert', 'change'],
  ['page', 'site', 'website', 'web'],
];

const BY_STEM: ReadonlyMap<string, readonly string[]> = new Map(
  GROUPS.flatMap((group) => {
    const stems = group.map(stem);
    return stems.map((own) => [own, stems.filter((other) => other !== own)] as const);
  }),
);

/** Stems of words that mean about the same as a stem. */
export function synonymsOf(stemmed: string): readonly string[] {
  return BY_STEM.get(stemmed) ?? [];
}

/** What says nothing about what is wanted. */
const EMPTY: ReadonlySet<string> = new Set(
  'a about after agent all also am an and any are as assistant at be been before bot by can could daily day do does each every for from give had has have he her him his i if in into is it its let like make me my need of on once one or our out please set she should so some something that the their them then there these they this those to tool up us use using want was we week weekly were what when whenever where which who will with would you your'.split(
    ' ',
  ),
);

/** Whether a word says something about what is wanted. */
export function isContent(word: string): boolean {
  return !EMPTY.has(word) && word.length > 1;
}
