// What somebody asks for, taken apart: "track my stocks and email me summaries" has two parts.
import { contentOf } from './search.ts';

/** The most parts that are looked for: whoever needs more writes a blueprint. */
const MOST_PARTS = 8;
const LEAD =
  /^\s*(?:please\s+)?(?:(?:i|we)\s+(?:need|want|would\s+like|wish\s+for)|give\s+(?:me|us)|make|build|create|write)?\s*(?:me\s+)?(?:an?\s+)?(?:agent|assistant|bot|tool|something)?\s*(?:to|that|which|who|can)?\s+/i;
const BETWEEN = /\s*(?:[,;.!?\n]+|\band\s+then\b|\bthen\b|\band\b|\bafterwards\b)\s*/i;

/**
 * The parts of a wish, in their order; a part without a word that says something belongs to the one before.
 *
 * @example
 * partsOf('I need an agent to track my stocks and email me summaries'); // ['track my stocks', 'email me summaries']
 */
export function partsOf(wish: string): readonly string[] {
  const body = ` ${wish.trim()}`.replace(LEAD, '');
  const parts: string[] = [];
  for (const text of body.split(BETWEEN).map((part) => part.trim())) {
    if (text === '') continue;
    if (contentOf(text).length > 0 || parts.length === 0) parts.push(text);
    else parts[parts.length - 1] = `${parts.at(-1)} ${text}`;
  }
  return parts.filter((part) => contentOf(part).length > 0).slice(0, MOST_PARTS);
}
