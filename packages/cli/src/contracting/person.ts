// The person behind the questions of a negotiation: in a terminal, or what was said on the command line.
import { type Choice, type OpenInput, type Person, plain } from './doors.ts';
import { isYes, type Prompt } from './prompt.ts';

/** Releases that `--release` names count as yes. Without a prompt nothing else does. */
export function createPerson(prompt: Prompt | undefined, releases: ReadonlySet<string>): Person {
  return {
    async choose(choice) {
      if (prompt === undefined) return undefined;
      const all = [choice.candidate, ...choice.others];
      const answer = await prompt.ask(`${chooseText(choice)}\nWhich one? [1] `);
      return all[Number(answer?.trim() === '' ? 1 : answer) - 1];
    },
    value: async (open) => prompt?.ask(valueText(open)),
    answer: async (question) => prompt?.ask(`The model asks: ${plain(question, 200)}\n> `),
    async release(question, place) {
      if (releases.has(place)) return true;
      return isYes(await prompt?.ask(`${plain(question, 600)} [y]es, [n]o: `));
    },
  };
}

function chooseText({ part, candidate, others }: Choice): string {
  const lines = [candidate, ...others].map(
    ({ offer, function: called }, index) =>
      `  [${index + 1}] ${plain(`${offer.name}.${called.name}`, 100)}  ${plain(called.description, 100)} (${plain(offer.title, 80)})`,
  );
  return [`Several could do "${plain(part, 100)}":`, ...lines].join('\n');
}

function valueText({ name, destination, uses, required }: OpenInput): string {
  const what = destination ? 'decides where something goes' : required ? 'is needed' : 'is optional';
  return `${plain(name, 64)} (for ${uses.map((use) => plain(use, 100)).join(', ')}; it ${what}; Enter: asked in each run): `;
}
