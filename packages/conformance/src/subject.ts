// What is judged: an endpoint, what it declares of itself, and the packs that checks put there and take away again.
import { randomUUID } from 'node:crypto';
import { AGENTS, type AgentName, LANGUAGES, type Language } from './agents/agents.ts';
import { equal, list, object, ok, show, text } from './expect.ts';
import { type Answer, type Sent, send } from './http.ts';

export type SubjectOptions = {
  /** `http://127.0.0.1:7080`, with or without a path before `/api/pack`. */
  readonly url: string;
  readonly token?: string;
};

/** A pack that was deployed for a check. */
export type Deployed = { readonly guid: string; readonly token?: string };

export type BundleFile = { readonly filename: string; readonly source?: string; readonly source_base64?: string };

export interface Subject {
  readonly url: string;
  /** What its healthz declares: names of runtimes, and what it offers besides. */
  readonly declares: ReadonlySet<string>;
  /** The language that checks use which are about no language. */
  readonly language: Language;
  /** A request below the base URL; `path` begins with `/`. */
  send(path: string, sent?: Sent): Promise<Answer>;
  /** Deploys files; gone when the check has ended. @throws CheckFailure unless it answers 200 */
  deploy(files: readonly BundleFile[], more?: { readonly [key: string]: unknown }): Promise<Deployed>;
  /** Deploys agents of the suite in a language. */
  deployAgents(
    names: readonly AgentName[],
    language?: Language,
    more?: { readonly [key: string]: unknown },
  ): Promise<Deployed>;
  /** Calls an agent, whatever it answers. */
  call(pack: Deployed, name: string, args?: unknown, userGuid?: string): Promise<Answer>;
  /** The output of a call. @throws CheckFailure unless it answers 200 */
  output(pack: Deployed, name: string, args?: unknown, userGuid?: string): Promise<unknown>;
  /** Removes what the check has deployed. */
  clean(): Promise<void>;
}

/** @throws Error where nothing answers, CheckFailure where healthz is none */
export async function openSubject({ url, token }: SubjectOptions): Promise<Subject> {
  const base = url.replace(/\/+$/, '');
  const packs: Deployed[] = [];
  const authorize = (given: string | undefined): { readonly [name: string]: string } =>
    given === undefined ? {} : { authorization: `Bearer ${given}` };
  const request = (path: string, sent: Sent = {}, as = token) =>
    send(base + path, { ...sent, headers: { ...authorize(as), ...sent.headers } });
  const health = await request('/api/pack/healthz');
  equal(health.status, 200, 'GET /api/pack/healthz');
  const { runtimes = [], offers = [] } = object(health.json, 'healthz');
  const declares = new Set([...list(runtimes, 'healthz.runtimes'), ...list(offers, 'healthz.offers')].map(String));
  if (['127.0.0.1', 'localhost', '[::1]'].includes(new URL(base).hostname)) declares.add('local');
  const language = LANGUAGES.find((each) => declares.has(each));
  ok(
    language !== undefined,
    `healthz.runtimes declares ${show([...declares])}, none of which the suite has agents in: ${LANGUAGES.join(', ')}`,
  );

  async function deploy(
    files: readonly BundleFile[],
    more: { readonly [key: string]: unknown } = {},
  ): Promise<Deployed> {
    const body = { schema: 'pack/1.0', pack_guid: randomUUID(), name: 'conformance', agents: files, ...more };
    const answer = await request('/api/pack/deploy', { method: 'POST', body });
    equal(
      answer.status,
      200,
      `deploy of ${files.map(({ filename }) => filename).join(', ')} (${answer.text.slice(0, 200)})`,
    );
    const { pack_guid: guid, pack_token: own } = object(answer.json, 'the answer to deploy');
    const pack = { guid: text(guid, 'pack_guid'), ...(typeof own === 'string' ? { token: own } : {}) };
    packs.push(pack);
    return pack;
  }

  async function clean(): Promise<void> {
    for (const { guid, token: own } of packs.splice(0)) {
      await request(`/api/pack/${guid}`, { method: 'DELETE' }, own ?? token).catch(() => undefined);
    }
  }

  function call(pack: Deployed, name: string, args?: unknown, userGuid?: string): Promise<Answer> {
    const body = {
      name,
      ...(args === undefined ? {} : { args }),
      ...(userGuid === undefined ? {} : { user_guid: userGuid }),
    };
    return request(`/api/pack/${pack.guid}/agent`, { method: 'POST', body }, pack.token ?? token);
  }

  // An endpoint that gives each pack a token says so by doing it.
  const probe = await deploy([AGENTS[language].echo]);
  if (probe.token !== undefined) declares.add('auth');
  await clean();

  return {
    url: base,
    declares,
    language,
    send: request,
    deploy,
    deployAgents: (names, in_ = language, more) =>
      deploy(
        names.map((name) => AGENTS[in_][name]),
        more,
      ),
    call,
    async output(pack, name, args, userGuid) {
      const answer = await call(pack, name, args, userGuid);
      equal(answer.status, 200, `the call of ${name} (${answer.text.slice(0, 300)})`);
      const body = object(answer.json, 'the answer to a call');
      equal(body.status, 'ok', 'its status');
      return body.output;
    },
    clean,
  };
}
