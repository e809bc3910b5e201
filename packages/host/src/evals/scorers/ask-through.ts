// Asks models through the host's AI gateway, and so through its guard.
import { isJsonObject, PypesError } from '@pypes/contract';
import type { AiDoor } from '../../capabilities/ai-door.ts';
import type { ScorerServices } from './scorer.ts';

/** Who asks, in the audit log and the records of the gateway. */
const CALLER = 'eval';

/** What `llm_judge` asks with; `ai` is that of a host. */
export function askThrough(ai: AiDoor): NonNullable<ScorerServices['ask']> {
  return async (prompt, { model, signal }) => {
    const messages = [{ role: 'user', content: prompt }];
    const completion = await ai.complete({ messages, ...(model === undefined ? {} : { model }) }, CALLER, signal);
    const [choice] = Array.isArray(completion.choices) ? completion.choices : [];
    const content = isJsonObject(choice) && isJsonObject(choice.message) ? choice.message.content : undefined;
    if (typeof content === 'string') return content;
    throw new PypesError('invalid_output', 'The model answered without a text');
  };
}
