// dlp: what must not be told is found in arguments, replies and errors, and blocked, masked, or put to a person.
import {
  type Call,
  type Json,
  type JsonObject,
  type Label,
  type Next,
  type Policy,
  PypesError,
  type Reply,
  toPypesError,
} from '@pypes/contract';
import type { Ask } from '../approvals/ask.ts';
import type { Finding } from '../dlp/finding.ts';
import { redact } from '../dlp/redact.ts';
import { createScanner } from '../dlp/scanner.ts';
import { createWindows, type Window } from '../dlp/window.ts';
import { compileMatch, type Match } from '../match/match.ts';
import { keyWithin } from '../match/tenant.ts';
import { note } from '../trail.ts';

/** What is looked for, where, and what happens then (spec 4, guard). */
export type DlpOptions = Match & {
  /** Recognisers by id; `DETECTABLE` lists them. */
  readonly detect: readonly string[];
  readonly action: 'block' | 'redact' | 'approve';
  /** Which way; default: both. */
  readonly on?: 'args' | 'reply' | 'both';
  /** Whether what agents ask of their host is looked at as calls are; default: yes. */
  readonly capabilities?: boolean;
  /** For `approve`, as the policy of that name has them. */
  readonly approvers?: readonly string[];
  readonly ttl_seconds?: number;
  readonly wait_seconds?: number;
};

/** What the policy runs on. `ask` is needed for `approve`. Milliseconds since 1970. */
export type DlpServices = { readonly now: () => number; readonly ask?: Ask };

type Side = 'args' | 'reply';
type Marked = { readonly labels: ReadonlySet<Label>; readonly fields?: ReadonlyMap<string, ReadonlySet<Label>> };

/** Masking may bring to light what stood beside; after so many rounds the call is denied. */
const MOST_ROUNDS = 4;

/**
 * Looks at what crosses, together with the ends of what crossed before in the same run. `block` denies with
 * `policy_denied` and details `{policy, side, findings}`, which hold masks only; `redact` hands on the masked value;
 * `approve` asks a person. An error that an agent throws is looked at as its reply is; there `approve` masks.
 *
 * @example
 * dlp({ to: 'context.fetch', detect: ['payment-card', 'secrets'], action: 'block' }, { now: Date.now });
 */
export function dlp(options: DlpOptions, services: DlpServices): Policy {
  const { detect, action, on = 'both', capabilities = true } = options;
  if (action === 'approve' && services.ask === undefined) {
    throw new PypesError(
      'invalid_request',
      'The action "approve" of dlp needs somebody to ask; use "block" or "redact"',
    );
  }
  const matches = compileMatch(options);
  const scanner = createScanner({ detect });
  const windows = { args: createWindows(services), reply: createWindows(services) };

  /** The value as it may cross. */
  async function inspect<T extends Json>(call: Call, side: Side, value: T, how = action): Promise<T> {
    const window = windows[side].of(keyWithin(call, call.scope ?? call.root ?? call.run));
    const findings = scanner.scan(value, window);
    if (findings.length > 0 && how === 'block') throw deny(call, side, findings);
    let passed: Json = value;
    if (findings.length > 0 && how === 'redact') passed = masked(call, side, value, findings, window);
    if (findings.length > 0 && how === 'approve') await services.ask?.(call, questionOf(options, call, side, findings));
    window.remember(passed);
    return passed as T;
  }

  function masked(call: Call, side: Side, value: Json, first: readonly Finding[], window: Window): Json {
    let passed = value;
    let findings = first;
    for (let round = 0; findings.length > 0; round++) {
      if (round === MOST_ROUNDS) throw deny(call, side, findings);
      passed = redact(passed, findings);
      findings = scanner.scan(passed, window);
    }
    note(call, 'dlp', 'modify', `${nameSide(call, side)} had ${summary(first)}`);
    return passed;
  }

  /** The error as it may cross. What caused it stays behind when it is not. */
  async function inspectError(call: Call, error: unknown): Promise<unknown> {
    const { code, message, details = null } = toPypesError(error);
    const value = { message, details };
    const passed = await inspect(call, 'reply', value, action === 'block' ? 'block' : 'redact');
    if (passed === value) return error;
    const kept = passed.details as JsonObject | null;
    return new PypesError(code, passed.message, kept === null ? {} : { details: kept });
  }

  return async (call, next) => {
    if ((call.kind === 'capability' && !capabilities) || !matches(call)) return next(call);
    const args = on === 'reply' ? call.args : await inspect(call, 'args', call.args);
    const down = args === call.args ? call : { ...call, ...marksOf(call, call.args, args), args };
    if (on === 'args') return next(down);
    const reply = await reach(down, next, (error) => inspectError(call, error));
    const output = await inspect(call, 'reply', reply.output);
    return output === reply.output ? reply : { ...reply, ...marksOf(reply, reply.output, output), output };
  };
}

/** The reply, or the error as it may cross. */
async function reach(call: Call, next: Next, inspectError: (error: unknown) => Promise<unknown>): Promise<Reply> {
  try {
    return await next(call);
  } catch (error) {
    throw await inspectError(error);
  }
}

/** Labels are kept by place. Where masking a key has moved a value, the labels of all places hold for the whole. */
function marksOf({ labels, fields }: Marked, before: Json, after: Json): Marked {
  if (fields === undefined || sameKeys(before, after)) return { labels };
  return { labels: new Set([...labels, ...[...fields.values()].flatMap((own) => [...own])]), fields: new Map() };
}

function sameKeys(before: Json, after: Json): boolean {
  if (typeof before !== 'object' || before === null || typeof after !== 'object' || after === null) return true;
  const [keys, others] = [Object.keys(before), Object.keys(after)];
  return keys.every(
    (key, n) => key === others[n] && sameKeys((before as JsonObject)[key] as Json, (after as JsonObject)[key] as Json),
  );
}

const SHOWN = 20;

function deny(call: Call, side: Side, findings: readonly Finding[]): PypesError {
  const reason = `${nameSide(call, side)} must not hold ${summary(findings)}; take it out, or leave it to a person to send`;
  note(call, 'dlp', 'deny', reason);
  const shown = findings.slice(0, SHOWN).map(({ id, rule, pointer, part, how, preview }) => ({
    id,
    ...(rule === undefined ? {} : { rule }),
    pointer,
    part,
    how,
    preview,
  }));
  return new PypesError('policy_denied', reason, { details: { policy: 'dlp', side, findings: shown } });
}

/** A yes for arguments is none for the reply. */
function questionOf(options: DlpOptions, call: Call, side: Side, findings: readonly Finding[]): Parameters<Ask>[1] {
  const { approvers, ttl_seconds: ttl, wait_seconds: wait } = options;
  return {
    policy: `dlp ${side}`,
    reason: `${nameSide(call, side)} hold ${summary(findings)}`,
    ...(approvers === undefined ? {} : { approvers }),
    ...(ttl === undefined ? {} : { ttlMs: ttl * 1000 }),
    ...(wait === undefined ? {} : { waitMs: wait * 1000 }),
  };
}

function nameSide({ to }: Call, side: Side): string {
  return side === 'args' ? `The arguments of "${to}"` : `The output of "${to}"`;
}

/** Such as `2 payment-card, 1 secrets (github-token)`: never what was found. */
function summary(findings: readonly Finding[]): string {
  const counts = new Map<string, number>();
  for (const { id, rule } of findings) {
    const name = rule === undefined ? id : `${id} (${rule})`;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts].map(([name, count]) => `${count} ${name}`).join(', ');
}
