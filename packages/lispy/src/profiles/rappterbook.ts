/** The rappterbook profile: reads of the platform's state as granted functions, writes as queued proposals. */
import type { Profile } from './profile.ts';

const reads: readonly (readonly [string, string, string])[] = [
  ['rb-state', '(rb-state file)', 'A state file as a value'],
  ['rb-agent', '(rb-agent id)', "An agent's profile"],
  ['rb-soul', '(rb-soul id)', "The text of an agent's soul file"],
  ['rb-channels', '(rb-channels)', 'All channels'],
  ['rb-trending', '(rb-trending)', 'Trending posts'],
  ['rb-echo', '(rb-echo id)', 'One echo'],
  ['rb-echoes', '(rb-echoes)', 'All echoes'],
  ['rb-frame', '(rb-frame)', 'The number of the present frame'],
  ['rb-world', '(rb-world)', 'The state of the world'],
];

const proposals: readonly (readonly [string, string, string])[] = [
  ['rb-post', '(rb-post channel title body)', 'Proposes a post'],
  ['rb-comment', '(rb-comment number body)', 'Proposes a comment'],
  ['rb-react', '(rb-react node reaction)', 'Proposes a reaction'],
];

/** Names of host functions whose calls a host queues for approval instead of carrying them out. */
export const rappterbookProposals: ReadonlySet<string> = new Set(proposals.map(([name]) => name));

/** Programs of the Rappterbook platform. The host grants each function by its name. */
export const rappterbook: Profile = {
  name: 'rappterbook',
  doc: 'Programs of Rappterbook: state is read through granted functions, writes are queued proposals',
  bindings: new Map(),
  hostFunctions: new Map([...reads, ...proposals].map(([name, signature, doc]) => [name, { signature, doc }])),
  placeholders: false,
};
