// The endpoint that is judged: what it declares of itself, and a subject of it for each check.
import { randomUUID } from 'node:crypto';
import { AGENTS, LANGUAGES, type Language } from '../agents/agents.ts';
import { CheckFailure, equal, type JsonObject, list, object, ok, show } from '../expect.ts';
import { sendHttp } from '../transport/http.ts';
import { type Answer, NoAnswer, type Transport } from '../transport/transport.ts';
import { createSubject, type OwnSubject } from './create-subject.ts';

export type EndpointOptions = {
  /** `http://127.0.0.1:7080`, with or without a path before `/api/pack`. */
  readonly url: string;
  /** The endpoint's own token, where it asks for one. */
  readonly token?: string;
  /** Whoever asks goes away: what is under way ends, what was deployed is removed. */
  readonly signal?: AbortSignal;
  /** How requests travel; default: the platform's HTTP client. */
  readonly transport?: Transport;
};

/** Why nothing can be judged: no URL, nobody is there, a token is missing, or what is there is no endpoint. */
export type NoEndpointKind = 'no_url' | 'unreachable' | 'unauthorized' | 'no_endpoint';

/** Nothing can be judged. */
export class NoEndpoint extends Error {
  override readonly name = 'NoEndpoint';
  readonly kind: NoEndpointKind;

  constructor(kind: NoEndpointKind, message: string) {
    super(message);
    this.kind = kind;
  }
}

export interface Endpoint {
  readonly url: string;
  readonly declares: ReadonlySet<string>;
  /** Why something that checks need is not there, where more than its name can be said. */
  readonly without: ReadonlyMap<string, string>;
  /** A subject whose requests last `requestMs` at most and end with the signal. */
  subject(signal: AbortSignal, requestMs: number): OwnSubject;
}

const LOOPBACK = ['127.0.0.1', 'localhost', '[::1]'];
const NAME = /^[\w.-]{1,64}$/;
const MOST_NAMES = 100;
const REQUEST_MS = 30_000;

/** @throws NoEndpoint */
export async function openEndpoint(options: EndpointOptions): Promise<Endpoint> {
  const { token, signal = new AbortController().signal, transport = sendHttp } = options;
  const url = parseUrl(options.url);
  const headers: { [name: string]: string } = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const get = (path: string) => transport(url + path, { headers, signal, timeoutMs: REQUEST_MS });
  try {
    const health = await get('/api/pack/healthz');
    if (health.status === 401 || health.status === 403) throw unauthorized(url, health);
    equal(health.status, 200, 'the status of GET /api/pack/healthz');
    const { runtimes = [], offers = [], packs = [] } = object(health.json, 'the answer to GET /api/pack/healthz');
    const declares = new Set([...names(runtimes, 'runtimes'), ...names(offers, 'offers'), 'sandbox']);
    if (LOOPBACK.includes(new URL(url).hostname)) declares.add('local');
    const language = LANGUAGES.find((each) => declares.has(each));
    ok(
      language !== undefined,
      `healthz declares ${show([...declares])}; the suite has agents in ${LANGUAGES.join(', ')}`,
    );
    const existing = new Set(list(packs, 'healthz.packs').map((each) => guidOf(each)));
    const without = new Map<string, string>();
    const subject = (ends: AbortSignal, requestMs: number) =>
      createSubject({ url, token, declares, language, existing, transport }, ends, requestMs);
    await probe(subject(signal, REQUEST_MS), language, declares, without);
    if (declares.has('runs') && token === undefined && (await get('/v1/runs?limit=1')).status === 401) {
      declares.delete('runs');
      without.set('runs', 'runs ask for a token, and none was given');
    }
    return { url, declares, without, subject };
  } catch (error) {
    if (error instanceof CheckFailure) throw new NoEndpoint('no_endpoint', `${url} is no endpoint: ${error.message}`);
    if (error instanceof NoAnswer && error.kind !== 'aborted') throw new NoEndpoint('unreachable', error.message);
    throw error;
  }
}

function parseUrl(given: string): string {
  const url = URL.parse(given);
  if (url === null || !/^https?:$/.test(url.protocol) || url.search !== '' || url.hash !== '' || url.username !== '') {
    throw new NoEndpoint('no_url', `"${given}" is no base URL; write it as http://127.0.0.1:7080`);
  }
  return url.href.replace(/\/+$/, '');
}

/** Some of what an endpoint is can only be seen: whether packs have tokens, and whether they run in a sandbox. */
async function probe(
  subject: OwnSubject,
  language: Language,
  declares: Set<string>,
  without: Map<string, string>,
): Promise<void> {
  try {
    const body = { schema: 'pack/1.0', pack_guid: randomUUID(), name: 'conformance', agents: [AGENTS[language].echo] };
    const answer = await subject.send('/api/pack/deploy', { method: 'POST', body });
    if (answer.status === 401 || answer.status === 403) throw unauthorized(subject.url, answer);
    equal(answer.status, 200, `the status of a first deploy (${answer.text.slice(0, 200)})`);
    const { pack_guid: guid, pack_token: token } = object(answer.json, 'the answer to a first deploy');
    if (typeof token === 'string') declares.add('auth');
    const health = await subject.send(`/api/pack/${encodeURIComponent(String(guid))}/healthz`);
    if ((health.json as JsonObject | undefined)?.trust === 'trusted') {
      declares.delete('sandbox');
      without.set('sandbox', 'it says that deployed packs are trusted: they can do whatever its process can');
    }
  } finally {
    await subject.clean();
  }
}

function unauthorized(url: string, { status, text }: Answer): NoEndpoint {
  return new NoEndpoint('unauthorized', `${url} answers ${status}, so that a token is needed: ${text.slice(0, 200)}`);
}

function names(value: unknown, what: string): readonly string[] {
  const all = list(value, `healthz.${what}`);
  ok(all.length <= MOST_NAMES, `healthz.${what} has ${all.length} names`);
  for (const each of all) ok(typeof each === 'string' && NAME.test(each), `healthz.${what} has ${show(each)}, no name`);
  return all as readonly string[];
}

function guidOf(pack: unknown): string {
  return String((pack as JsonObject | null)?.pack_guid).toLowerCase();
}
