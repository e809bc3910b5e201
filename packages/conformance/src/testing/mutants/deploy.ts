// Endpoints that take bundles wrongly.
import { randomUUID } from 'node:crypto';
import { answerJson, type Mutation } from '../fake/http.ts';
import {
  asked,
  type Body,
  CALL,
  DEPLOY,
  files,
  instead,
  json,
  kept,
  type Mutants,
  parse,
  refuse,
  sent,
  status,
  without,
} from './mutate.ts';

export const DEPLOY_MUTANTS: Mutants = {
  'DEPLOY-1': [
    ...['status', 'name', 'agent_count'].map((key) => ({
      what: `no ${key}`,
      mutation: json(DEPLOY, without(key)),
      also: ['DEPLOY-10'],
    })),
    ...['pack_url', 'info_url'].map((key) => ({
      what: `no ${key}`,
      mutation: json(DEPLOY, without(key)),
      also: ['DEPLOY-9'],
    })),
    {
      what: 'an address of another pack',
      mutation: json(DEPLOY, (body) => ({ ...body, pack_url: body.pack_url.replace(/[0-9a-f-]{36}/, randomUUID()) })),
      also: ['DEPLOY-9'],
    },
  ] as never,
  'DEPLOY-2': [
    {
      what: 'not trimmed',
      mutation: sent(DEPLOY, (body) => (/^ /.test(body.pack_guid) ? { ...body, pack_guid: undefined } : body)),
    },
    {
      what: 'upper case stays',
      mutation: json(DEPLOY, (body, { body: given }) => ({
        ...body,
        pack_guid: /[A-F]/.test(String(parse(given)?.pack_guid)) ? body.pack_guid.toUpperCase() : body.pack_guid,
      })),
    },
  ],
  'DEPLOY-3': [
    {
      what: 'what is no guid is refused',
      mutation: instead(DEPLOY, ({ body }) => (parse(body)?.pack_guid === 'no-guid' ? refuse(400) : undefined)),
    },
    {
      what: 'always the same',
      mutation: sent(DEPLOY, (body) =>
        typeof body.pack_guid === 'string' && body.pack_guid.length > 30
          ? body
          : { ...body, pack_guid: '11111111-1111-4111-8111-111111111111' },
      ),
    },
    {
      what: 'no UUID',
      mutation: json(DEPLOY, (body, { body: given }) =>
        parse(given)?.pack_guid === undefined ? { ...body, pack_guid: 'pack-1' } : body,
      ),
    },
  ],
  'DEPLOY-4': [{ what: 'called later', mutation: once(CALL), also: 'group' }],
  'DEPLOY-5': [
    {
      what: 'any schema',
      mutation: sent(DEPLOY, (body) => ({ ...body, schema: 'pack/1.0' })),
      also: ['DEPLOY-6', 'DEPLOY-11'],
    },
    {
      what: 'in any case',
      mutation: sent(DEPLOY, (body) => ({
        ...body,
        schema: typeof body.schema === 'string' ? body.schema.toLowerCase() : body.schema,
      })),
    },
    {
      what: 'none is the newest',
      mutation: sent(DEPLOY, (body) => ({ ...body, schema: body.schema ?? 'pack/1.0' })),
      also: ['DEPLOY-6'],
    },
  ],
  'DEPLOY-6': [
    { what: 'bad JSON is 500', mutation: status(DEPLOY, 400, 500), also: 'group' },
    {
      what: 'what follows JSON is not read',
      mutation: asked(DEPLOY, (request) => ({ ...request, body: request.body.replace(/ \{\}$/, '') })),
    },
    {
      what: 'a list is an object',
      mutation: instead(DEPLOY, ({ body }) => (body === '[]' ? answerJson({ status: 'ok' }) : undefined)),
    },
    {
      what: 'nothing is a pack',
      mutation: instead(DEPLOY, ({ body }) => (body === '' ? answerJson({ status: 'ok' }) : undefined)),
    },
  ],
  'DEPLOY-7': [
    {
      what: 'no list is no agent',
      mutation: sent(DEPLOY, (body) => ({ ...body, agents: Array.isArray(body.agents) ? body.agents : [] })),
    },
    {
      what: 'what is no object is 500',
      mutation: instead(DEPLOY, ({ body }) =>
        Array.isArray(parse(body)?.agents) && parse(body)?.agents[0] === null ? refuse(500) : undefined,
      ),
    },
  ],
  'DEPLOY-8': [
    {
      what: 'an unknown key is refused',
      mutation: instead(DEPLOY, ({ body }) => (body.includes('future_key') ? refuse(400) : undefined)),
    },
  ],
  'DEPLOY-9': [
    {
      what: 'another origin',
      mutation: json(DEPLOY, (body) => ({ ...body, pack_url: `http://elsewhere.example${body.pack_url}` })),
    },
    {
      what: 'health elsewhere',
      mutation: json(DEPLOY, (body) => ({ ...body, info_url: body.info_url.replace('healthz', 'health') })),
    },
  ],
  'DEPLOY-10': [
    {
      what: 'permissions are 500',
      mutation: instead(DEPLOY, ({ body }) => (body.includes('"permissions"') ? refuse(500) : undefined)),
    },
  ],
  'DEPLOY-11': [{ what: 'files are written before they are checked', mutation: early() }],
};

const DIGEST = /"sha256":"[^"]*"/g;

export const FILE_MUTANTS: Mutants = {
  'FILE-1': [
    {
      what: 'digests are refused',
      mutation: instead(DEPLOY, ({ body }) =>
        DIGEST.test(body) && body.includes('"source"') ? refuse(400) : undefined,
      ),
    },
  ],
  'FILE-2': [
    { what: 'digests are not looked at', mutation: files(without('sha256')), also: ['FILE-4'] },
    {
      what: 'what is none is not looked at',
      mutation: files((file) => (file.sha256?.length === 64 ? file : { ...file, sha256: undefined })),
    },
  ],
  'FILE-3': [
    {
      what: 'base64 is not read',
      mutation: files((file) => ({ ...file, source_base64: undefined })),
      also: ['FILE-4'],
    },
  ],
  'FILE-4': [
    {
      what: 'the digest of the text',
      mutation: files((file) => (file.source_base64 === undefined ? file : { ...file, sha256: undefined })),
    },
  ],
  'FILE-5': [
    { what: 'it is 500', mutation: instead(DEPLOY, ({ body }) => (body.includes('"***"') ? refuse(500) : undefined)) },
    {
      what: 'it is written',
      mutation: files((file) => (file.source_base64 === '***' ? { ...file, source_base64: 'eA==' } : file)),
    },
  ],
  'FILE-6': [
    { what: 'a path is unsafe', mutation: kept(({ filename }) => !String(filename).includes('/')), also: ['FILE-12'] },
    { what: 'an absolute path is unsafe', mutation: kept(({ filename }) => !String(filename).startsWith('/')) },
  ],
  'FILE-7': [
    { what: 'it is 500', mutation: instead(DEPLOY, ({ body }) => (body.includes('C:\\\\') ? refuse(500) : undefined)) },
    { what: 'it vanishes', mutation: kept(({ filename }) => !String(filename).includes('\\')) },
  ],
  'FILE-8': [
    { what: 'they vanish', mutation: json(DEPLOY, without('skipped')), also: ['FILE-10', 'FILE-7'] },
    {
      what: 'without a reason',
      mutation: json(DEPLOY, (body) => ({ ...body, skipped: body.skipped?.map(without('reason')) })),
    },
    {
      what: 'they count',
      mutation: json(DEPLOY, (body) => ({ ...body, agent_count: body.agent_count + (body.skipped?.length ?? 0) })),
      also: ['FILE-5', 'FILE-10'],
    },
    {
      what: 'unknown languages are refused',
      mutation: instead(DEPLOY, ({ body }) => (body.includes('unknownlanguage') ? refuse(400) : undefined)),
    },
    {
      what: 'a zero in a name is 500',
      mutation: instead(DEPLOY, ({ body }) => (body.includes('\\u0000') ? refuse(500) : undefined)),
    },
  ],
  'FILE-9': [
    {
      what: 'something always is',
      mutation: json(DEPLOY, (body) => ({ ...body, skipped: body.skipped ?? [{ filename: 'x', reason: 'y' }] })),
      also: ['FILE-7'],
    },
  ],
  'FILE-10': [
    {
      what: 'they are broken agents',
      mutation: files((file) => ({
        ...file,
        source: file.source || (file.source_base64 === undefined ? ' ' : undefined),
      })),
    },
    {
      what: 'a file without a source is 500',
      mutation: instead(DEPLOY, ({ body }) => (body.includes('"nothing.') ? refuse(500) : undefined)),
    },
  ],
  'FILE-11': [
    {
      what: 'they are agents',
      mutation: files((file) => ({ ...file, filename: String(file.filename).replace(/^_/, 'x_') })),
    },
  ],
  'FILE-12': [
    {
      what: 'two are kept',
      mutation: files((file) => ({ ...file, filename: String(file.filename).replace(/^([ab])\//, '$1_') })),
    },
    { what: 'it is 409', mutation: instead(DEPLOY, ({ body }) => (body.includes('"b/') ? refuse(409) : undefined)) },
  ],
};

/** The first request to each address fails. */
function once(pattern: RegExp): Mutation {
  const seen = new Set<string>();
  return instead(pattern, ({ path }) => {
    const isFirst = !seen.has(path);
    seen.add(path);
    return isFirst ? refuse(404) : undefined;
  });
}

/** A refused bundle has already replaced the pack. */
function early(): Mutation {
  return async (request, next) => {
    const answer = await next(request);
    const body = parse(request.body);
    if (request.path !== '/api/pack/deploy' || answer.status !== 400 || body === undefined) return answer;
    const agents = Array.isArray(body.agents) ? body.agents.map((file: Body) => ({ ...file, sha256: undefined })) : [];
    await next({ ...request, body: JSON.stringify({ ...body, schema: 'pack/1.0', agents }) });
    return answer;
  };
}
