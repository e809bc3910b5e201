// The two exports in each language that the endpoint declares: the same agents, the same answers.
import { randomUUID } from 'node:crypto';
import { LANGUAGES } from '../agents/agents.ts';
import { type Check, must } from '../check.ts';
import { equal, object, ok } from '../expect.ts';
import { envelope, healthOf } from '../shapes.ts';

export const LANGUAGE_CHECKS: readonly Check[] = LANGUAGES.flatMap((language) => [
  must(
    `LANG-${language}-1`,
    `${language}: AGENT and run make a tool`,
    async (subject) => {
      const pack = await subject.deployAgents(['echo', 'add'], language);
      equal((await healthOf(subject, pack.guid)).agents, ['add', 'echo'], 'the agents');
      equal(await subject.output(pack, 'add', { a: 2, b: 0.5 }), 2.5, 'the sum');
      equal(await subject.output(pack, 'echo', { value: ['ü', 1, { a: true }] }), ['ü', 1, { a: true }], 'the echo');
      envelope(await subject.call(pack, 'add', { a: 'x', b: 1 }), 400);
    },
    language,
  ),
  must(
    `LANG-${language}-2`,
    `${language}: what fails is told with its own words`,
    async (subject) => {
      const pack = await subject.deployAgents(['fail'], language);
      ok(JSON.stringify(envelope(await subject.call(pack, 'fail'), 500)).includes('broken on purpose'), 'the message');
    },
    language,
  ),
  must(
    `LANG-${language}-3`,
    `${language}: the context has memory, log, progress, other agents and who calls`,
    async (subject) => {
      const pack = await subject.deployAgents(['count', 'say', 'relay', 'echo', 'whoami'], language);
      const user = randomUUID();
      equal(await subject.output(pack, 'count', {}, user), 1, 'the first count');
      equal(await subject.output(pack, 'count', {}, user), 2, 'the second count');
      equal(await subject.output(pack, 'say'), 'said', 'what is said');
      equal(await subject.output(pack, 'relay', { value: 7 }), { echoed: 7 }, 'what is relayed');
      const { user: who, pack: where, agent } = object(await subject.output(pack, 'whoami', {}, user), 'the output');
      equal([who, where, agent], [user, pack.guid, 'whoami'], 'user, pack, agent');
    },
    language,
  ),
]);

/** Shapes that files in the wild have. */
export const SHAPE_CHECKS: readonly Check[] = [
  must(
    'SHAPE-python',
    'python: a class with perform is an agent',
    async (subject) => {
      const source = `from agents.basic_agent import BasicAgent

class GreetAgent(BasicAgent):
    def __init__(self):
        self.name = "Greet"
        self.metadata = {"name": self.name, "description": "Greets", "parameters": {"type": "object", "properties": {"who": {"type": "string"}}, "required": ["who"]}}
        super().__init__(self.name, self.metadata)

    def perform(self, **kwargs):
        return "Hello " + kwargs["who"]
`;
      const pack = await subject.deploy([{ filename: 'greet_agent.py', source }]);
      equal(await subject.output(pack, 'Greet', { who: 'Ann' }), 'Hello Ann', 'the output');
    },
    'python',
  ),
  must(
    'SHAPE-lispy',
    'lispy: the Scheme shape is an agent',
    async (subject) => {
      const source = `(define agent-name "greet")
(define agent-description "Greets")
(define agent-parameters (make-dict "who" "whom to greet"))
(define (agent-run context kwargs) (string-append "Hello " (get kwargs "who")))
`;
      const pack = await subject.deploy([{ filename: 'greet_agent.lispy', source }]);
      equal(await subject.output(pack, 'greet', { who: 'Ann' }), 'Hello Ann', 'the output');
    },
    'lispy',
  ),
];
