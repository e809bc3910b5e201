// What the checks of deploys send.
import { randomUUID } from 'node:crypto';
import { AGENTS, type AgentFile, type AgentName } from '../../agents/agents.ts';
import type { JsonObject } from '../../expect.ts';
import type { Subject } from '../../subject/subject.ts';
import type { Answer } from '../../transport/transport.ts';

/** The file of an agent of the suite, in the language that the endpoint has. */
export const fileOf = (subject: Subject, name: AgentName = 'echo'): AgentFile => AGENTS[subject.language][name];

/** `.mjs` */
export const endingOf = (subject: Subject): string => /\.[^.]+$/.exec(fileOf(subject).filename)?.[0] ?? '';

export const bundle = (subject: Subject, more: JsonObject = {}): JsonObject => ({
  schema: 'pack/1.0',
  pack_guid: randomUUID(),
  name: 'conformance',
  agents: [fileOf(subject)],
  ...more,
});

/** A deploy, whatever it answers. */
export const post = (subject: Subject, body: unknown): Promise<Answer> =>
  subject.send('/api/pack/deploy', { method: 'POST', body });
