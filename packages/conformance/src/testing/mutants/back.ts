// Endpoints that hand packs back wrongly.
import { answers, type Body, json, type Mutants, refuse, without } from './mutate.ts';
import { knows } from './security.ts';

const BUNDLE = /^GET \/api\/pack\/[0-9a-f-]{36}\/bundle/;

const ofFiles = (change: (file: Body) => object) =>
  json(BUNDLE, (body) => ({ ...body, agents: (body.agents as readonly Body[]).map(change) }));

export const BACK_MUTANTS: Mutants = {
  'BUNDLE-1': [
    {
      what: 'a file is missing',
      mutation: json(BUNDLE, (body) => ({ ...body, agents: body.agents.slice(1) })),
      also: 'group',
    },
    {
      what: 'its order is another',
      mutation: json(BUNDLE, (body) => ({ ...body, agents: [...body.agents].reverse() })),
      also: 'group',
    },
    {
      what: 'a file is another one',
      mutation: ofFiles((file) => ({ ...file, source: `${file.source} ` })),
      also: 'group',
    },
    { what: 'digests are missing', mutation: ofFiles(without('sha256')), also: 'group' },
    { what: 'the guid is missing', mutation: json(BUNDLE, without('pack_guid')), also: 'group' },
    { what: 'it is 500', mutation: answers(BUNDLE, () => refuse(500)), also: 'group' },
  ],
  'BUNDLE-2': [
    { what: 'the name is lost', mutation: json(BUNDLE, without('name')), also: ['BUNDLE-3'] },
    { what: 'an unknown key is lost', mutation: json(BUNDLE, without('unknown')) },
    { what: 'the token is in it', mutation: json(BUNDLE, (body) => ({ ...body, pack_token: 'x' })) },
  ],
  'BUNDLE-3': [
    { what: 'each is new', mutation: json(BUNDLE, (body) => ({ ...body, created_at: `${Math.random()}` })) },
  ],
  'BUNDLE-4': [
    {
      what: 'it is empty',
      mutation: answers(BUNDLE, (answer) => (answer.status === 404 ? { ...answer, status: 200 } : answer)),
    },
  ],
  'BUNDLE-5': [{ what: 'whoever asks has it', mutation: knows(BUNDLE) }],
};
