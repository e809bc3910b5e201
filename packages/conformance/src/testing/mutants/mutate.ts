// How the fake endpoint is made wrong: what it was asked, or what it answers, is changed on the way.
import type { FakeAgent } from '../fake/agents.ts';
import { answerJson, type FakeAnswer, type FakeRequest, type Mutation } from '../fake/http.ts';

/** One way to be wrong. */
export type Mutant = {
  readonly what: string;
  readonly mutation?: Mutation;
  readonly agents?: { readonly [name: string]: FakeAgent['run'] };
  /** Checks of the same group that see it, too; `group` where all may. */
  readonly also?: readonly string[] | 'group';
};

/** By the check that has to see it. */
export type Mutants = { readonly [check: string]: readonly [Mutant, ...Mutant[]] };

/** What bundles, calls and answers may have: each has some of it, and a test fails where one is read that is not there. */
export interface Body {
  readonly status: string;
  readonly message: string;
  readonly schema: string;
  readonly name: string;
  readonly pack_guid: string;
  readonly swarm_guid: string;
  readonly user_guid: string;
  readonly pack_url: string;
  readonly info_url: string;
  readonly pack_token: string;
  readonly pack_count: number;
  readonly packs: readonly Body[];
  readonly runtimes: readonly string[];
  readonly agent_count: number;
  /** Names in the health of a pack, files in a bundle. */
  readonly agents: readonly (Body & string)[];
  readonly skipped?: readonly Body[];
  readonly quarantined?: readonly Body[];
  readonly shadowed?: readonly string[];
  readonly filename: string;
  readonly source: string;
  readonly source_base64?: string;
  readonly sha256?: string;
  readonly error: string;
  readonly args: Body;
  readonly value: unknown;
  readonly key: string;
  readonly output: Body;
  readonly second: unknown;
  readonly run_id: string;
  readonly runs: readonly Body[];
  readonly events: readonly Body[];
  readonly event_type: string;
  readonly seq: number;
  readonly trace: Body;
  readonly next_cursor: string;
  readonly complete: boolean;
  readonly result: unknown;
  readonly files: readonly Body[];
  readonly path: string;
  readonly input: Body;
}

const fits = ({ method, path }: FakeRequest, pattern: RegExp) => pattern.test(`${method} ${path}`);

/** Changes answers to requests that fit: `POST /api/pack/deploy`. */
export const answers =
  (pattern: RegExp, change: (answer: FakeAnswer, request: FakeRequest) => FakeAnswer): Mutation =>
  async (request, next) => {
    const answer = await next(request);
    return fits(request, pattern) ? change(answer, request) : answer;
  };

/** Changes the JSON of answers that have this status (200 where none is named). */
export const json = (
  pattern: RegExp,
  change: (body: Body, request: FakeRequest) => unknown,
  statuses: readonly number[] = [200],
): Mutation =>
  answers(pattern, (answer, request) =>
    statuses.includes(answer.status)
      ? { ...answer, body: JSON.stringify(change(JSON.parse(String(answer.body)), request)) }
      : answer,
  );

/** Answers with another status. */
export const status = (pattern: RegExp, from: number, to: number): Mutation =>
  answers(pattern, (answer) => (answer.status === from ? { ...answer, status: to } : answer));

/** Changes headers of answers. */
export const headers = (
  pattern: RegExp,
  change: (request: FakeRequest, given: FakeAnswer['headers']) => FakeAnswer['headers'],
): Mutation => answers(pattern, (answer, request) => ({ ...answer, headers: change(request, answer.headers) }));

/** Changes what was asked. */
export const asked =
  (pattern: RegExp, change: (request: FakeRequest) => FakeRequest): Mutation =>
  (request, next) =>
    next(fits(request, pattern) ? change(request) : request);

/** Changes the JSON that was sent, where it is an object. */
export const sent = (pattern: RegExp, change: (body: Body, request: FakeRequest) => unknown): Mutation =>
  asked(pattern, (request) => {
    const body = parse(request.body);
    return body === undefined ? request : { ...request, body: JSON.stringify(change(body, request)) };
  });

/** Answers itself, where `answer` gives one. */
export const instead =
  (pattern: RegExp, answer: (request: FakeRequest) => FakeAnswer | undefined): Mutation =>
  async (request, next) =>
    (fits(request, pattern) ? answer(request) : undefined) ?? next(request);

export const parse = (body: string): Body | undefined => {
  try {
    const value = JSON.parse(body) as unknown;
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Body) : undefined;
  } catch {
    return undefined;
  }
};

export const refuse = (code: number): FakeAnswer => answerJson({ status: 'error', message: 'no' }, code);

/** Lets requests with this header in as if it were not there, or another. */
export const header = (name: string, value: string | undefined, pattern = /./): Mutation =>
  asked(pattern, (request) => {
    const { [name]: _gone, ...rest } = request.headers;
    return { ...request, headers: value === undefined ? rest : { ...rest, [name]: value } };
  });

/** The addresses of the contract. */
export const DEPLOY = /^POST \/api\/pack\/deploy/;
export const CALL = /^POST \/api\/(pack|swarm)\/[^/]+\/agent/;
export const HEALTH = /^GET \/api\/pack\/healthz/;
export const PACK = /^GET \/api\/pack\/[0-9A-Fa-f-]{36}\/healthz/;
export const REMOVE = /^DELETE \/api\/pack\//;

/** An answer that lacks a key. */
export const without = (key: string) => (body: Body) => ({ ...body, [key]: undefined });
/** Changes each file of a bundle. */
export const files = (change: (file: Body) => object): Mutation =>
  sent(DEPLOY, (body) =>
    Array.isArray(body.agents)
      ? { ...body, agents: body.agents.map((file: Body) => (file === null ? file : change(file))) }
      : body,
  );
/** Loses files of a bundle. */
export const kept = (keep: (file: Body) => boolean): Mutation =>
  sent(DEPLOY, (body) =>
    Array.isArray(body.agents)
      ? { ...body, agents: body.agents.filter((file: Body) => file === null || keep(file)) }
      : body,
  );
