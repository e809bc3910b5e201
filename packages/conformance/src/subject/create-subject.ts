// A subject for one check, with a ledger of its own.
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { AGENTS, type Language } from '../agents/agents.ts';
import { CheckFailure, equal, object, text } from '../expect.ts';
import type { Answer, Transport } from '../transport/transport.ts';
import { createLedger } from './ledger.ts';
import type { Asked, Deployed, Subject } from './subject.ts';

/** A subject, and what only its owner does. */
export interface OwnSubject extends Subject {
  /** Removes what was deployed, and says which packs could not be removed. Never throws. */
  clean(): Promise<readonly string[]>;
}

export type SubjectBase = {
  readonly url: string;
  readonly token: string | undefined;
  readonly declares: ReadonlySet<string>;
  readonly language: Language;
  readonly existing: ReadonlySet<string>;
  readonly transport: Transport;
};

const DEPLOY = /^\/api\/(pack|swarm)\/deploy$/;
const PACK = /^\/api\/(?:pack|swarm)\/([0-9a-fA-F-]{36})(?:\/|$)/;
const CLEAN_MS = 10_000;
const MOST_WAITS = 5;
const LONGEST_WAIT_S = 10;

/** Requests end with the signal; those that clean up do not. */
export function createSubject(base: SubjectBase, signal: AbortSignal, requestMs: number): OwnSubject {
  const { url, declares, language, existing, transport } = base;
  const ledger = createLedger(existing);

  async function send(path: string, asked: Asked = {}): Promise<Answer> {
    const { token = tokenFor(path, asked.body), ...rest } = asked;
    const headers = {
      ...(token === null || token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...rest.headers,
    };
    const sent = { timeoutMs: requestMs, ...rest, headers };
    if (!DEPLOY.test(path) || rest.method !== 'POST') {
      const answer = await patiently(transport, url + path, { ...sent, signal });
      const [, guid] = PACK.exec(path) ?? [];
      if (rest.method === 'DELETE' && answer.status === 200 && guid !== undefined) ledger.removed(guid);
      return answer;
    }
    signal.throwIfAborted();
    // A deploy is waited for, also when nobody wants it any longer: what it leaves has to be known.
    const answer = patiently(transport, url + path, sent);
    ledger.watch(rest.body, answer);
    return untilAborted(answer, signal);
  }

  /** An update asks for the token of its pack, a new pack for that of the endpoint. */
  function tokenFor(path: string, body: unknown): string | undefined {
    const { pack_guid, swarm_guid } = (body ?? {}) as { readonly pack_guid?: unknown; readonly swarm_guid?: unknown };
    const guid = PACK.exec(path)?.[1] ?? (DEPLOY.test(path) ? String(pack_guid ?? swarm_guid).trim() : undefined);
    return (guid === undefined ? undefined : ledger.tokenOf(guid)) ?? base.token;
  }

  const deploy: Subject['deploy'] = async (files, more = {}) => {
    const body = { schema: 'pack/1.0', pack_guid: randomUUID(), name: 'conformance', agents: files, ...more };
    const answer = await send('/api/pack/deploy', { method: 'POST', body });
    const names = files.map(({ filename }) => filename).join(', ');
    equal(answer.status, 200, `the status of a deploy of ${names} (${answer.text.slice(0, 200)})`);
    const { pack_guid: guid, pack_token: token } = object(answer.json, 'the answer to a deploy');
    return { guid: text(guid, 'pack_guid'), ...(typeof token === 'string' ? { token } : {}) };
  };

  const call: Subject['call'] = (pack, name, args, { user, token = pack.token, timeoutMs } = {}) => {
    const body = { name, ...(args === undefined ? {} : { args }), ...(user === undefined ? {} : { user_guid: user }) };
    return send(`/api/pack/${pack.guid}/agent`, {
      method: 'POST',
      body,
      ...(token === undefined ? {} : { token }),
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
    });
  };

  return {
    url,
    declares,
    language,
    send,
    follow: (address, asked) => send(pathOf(url, address), asked),
    deploy,
    deployAgents: (names, more, in_ = language) =>
      deploy(
        names.map((name) => AGENTS[in_][name]),
        more,
      ),
    call,
    async output(pack, name, args, options) {
      const answer = await call(pack, name, args, options);
      equal(answer.status, 200, `the status of a call of ${name} (${answer.text.slice(0, 300)})`);
      const body = object(answer.json, 'the answer to a call');
      equal(body.status, 'ok', 'the status in the answer to a call');
      return body.output;
    },
    async clean() {
      const entries = await ledger.settle(CLEAN_MS);
      const left = await Promise.all(entries.map((entry) => remove(entry)));
      return left.flatMap((guid) => guid ?? []);
    },
  };

  async function remove({ guid, token, acknowledged }: Deployed & { readonly acknowledged: boolean }) {
    const bearer = token ?? base.token;
    const headers: { [name: string]: string } = bearer === undefined ? {} : { authorization: `Bearer ${bearer}` };
    const sent = { method: 'DELETE', headers, timeoutMs: CLEAN_MS };
    const status = await transport(`${url}/api/pack/${guid}`, sent).then(
      (answer) => answer.status,
      () => 0,
    );
    // One that was refused is not there, so that nobody says yes to its removal.
    return status === 200 || status === 404 || (!acknowledged && status !== 0) ? undefined : guid;
  }
}

/** A request; an endpoint that asks for patience (429) gets some. */
async function patiently(transport: Transport, url: string, sent: Parameters<Transport>[1]): Promise<Answer> {
  for (let waits = 0; ; waits++) {
    const answer = await transport(url, sent);
    if (answer.status !== 429 || waits === MOST_WAITS) return answer;
    const seconds = Number(answer.headers['retry-after'] ?? 1);
    const waitMs = 1_000 * Math.min(LONGEST_WAIT_S, Number.isFinite(seconds) ? Math.max(0, seconds) : 1);
    await sleep(waitMs, undefined, sent.signal === undefined ? {} : { signal: sent.signal });
  }
}

function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

/** The path below the base URL of an address that may be absolute or begin with a slash. */
function pathOf(url: string, address: unknown): string {
  const base = new URL(url);
  const target = URL.parse(text(address, 'an address'), url);
  if (target === null || target.origin !== base.origin) {
    throw new CheckFailure(`The address "${String(address).slice(0, 200)}" is not below ${url}`);
  }
  const prefix = base.pathname.replace(/\/+$/, '');
  const path = target.pathname + target.search;
  if (!path.startsWith(`${prefix}/`)) throw new CheckFailure(`The address "${path.slice(0, 200)}" is not below ${url}`);
  return path.slice(prefix.length);
}
