// Calls that would never end and calls that want all memory, in each language: stopped, and nobody else is disturbed.
import { LANGUAGES } from '../../agents/agents.ts';
import { type Check, must, slow } from '../../check.ts';
import { equal } from '../../expect.ts';
import { envelope } from '../../shapes.ts';

export const STOP_CHECKS: readonly Check[] = LANGUAGES.map((language) =>
  slow(
    must(
      `STOP-${language}`,
      `${language}: a call that never ends is stopped, and one that takes all memory it can get`,
      async (subject) => {
        const pack = await subject.deployAgents(['spin', 'swell', 'echo'], {}, language);
        const spinning = subject.call(pack, 'spin');
        const swelling = subject.call(pack, 'swell');
        equal(await subject.output(pack, 'echo', { value: 1 }), 1, 'a call meanwhile');
        envelope(await swelling, [500, 504, 507], 'a call that takes all memory');
        envelope(await spinning, [504, 500], 'a call that never ends');
        equal(await subject.output(pack, 'echo', { value: 2 }), 2, 'a call afterwards');
      },
      language,
    ),
  ),
);
