// allow: who is named in a rule may call what rules name, and nothing else: functions, hosts, arguments by schema.
import { type Call, type JsonObject, type Policy, PypesError, type SchemaCheck } from '@pypes/contract';
import { compilePattern } from '../match/match.ts';
import { note } from '../trail.ts';

/** One rule: `from` may call `to`. Patterns with `*`. */
export type AllowRule = {
  readonly from: string;
  readonly to: string;
  readonly pack?: string;
  /** Only these hosts: for `context.fetch`. `*.example.com` stands for every host below it. */
  readonly hosts?: readonly string[];
  /** Only arguments that match. */
  readonly args?: SchemaCheck;
};

/**
 * Denies every call of a caller that at least one rule names and no rule allows, with `policy_denied`. Callers that no
 * rule names are not this policy's matter. Rules for exact names are found by their names, however many there are.
 *
 * @example
 * allow([{ from: 'orchestrator', to: 'report' }, { from: 'fetcher', to: 'context.fetch', hosts: ['api.example.com'] }]);
 */
export function allow(rules: readonly AllowRule[]): Policy {
  const exact = new Map<string, Compiled[]>();
  const patterns: Compiled[] = [];
  for (const rule of rules.map(compile)) {
    if (rule.from.includes('*')) patterns.push(rule);
    else {
      const known = exact.get(rule.from);
      if (known === undefined) exact.set(rule.from, [rule]);
      else known.push(rule);
    }
  }
  return async (call, next) => {
    const named = (exact.get(call.from) ?? []).concat(patterns.filter(({ isFrom }) => isFrom(call.from)));
    const ours = named.filter(({ isPack }) => isPack(call.packGuid));
    if (ours.length === 0 || ours.some((rule) => rule.isTo(call.to) && fits(rule, call))) return next(call);
    const reason = explain(call, ours);
    note(call, 'allow', 'deny', reason);
    throw new PypesError('policy_denied', reason, { details: { policy: 'allow' } });
  };
}

type Compiled = {
  readonly from: string;
  readonly to: string;
  readonly isFrom: (text: string) => boolean;
  readonly isTo: (text: string) => boolean;
  readonly isPack: (text: string) => boolean;
  readonly isHost: ((host: string) => boolean) | undefined;
  readonly args: SchemaCheck | undefined;
};

function compile({ from, to, pack = '*', hosts, args }: AllowRule): Compiled {
  const patterns = hosts?.map((host) => compilePattern(host.toLowerCase()));
  return {
    from,
    to,
    isFrom: compilePattern(from),
    isTo: compilePattern(to),
    isPack: compilePattern(pack),
    isHost: patterns && ((host) => patterns.some((matches) => matches(host))),
    args,
  };
}

function fits({ isHost, args }: Compiled, call: Call): boolean {
  if (isHost !== undefined) {
    const host = hostOf(call.args);
    if (host === undefined || !isHost(host)) return false;
  }
  return args === undefined || args(call.args).length === 0;
}

/** The host of the URL that a request is for. */
function hostOf({ url }: JsonObject): string | undefined {
  return typeof url === 'string' && URL.canParse(url)
    ? new URL(url).hostname.toLowerCase().replace(/\.$/, '')
    : undefined;
}

function explain(call: Call, rules: readonly Compiled[]): string {
  const about = rules.filter(({ isTo }) => isTo(call.to));
  if (about.length === 0) {
    const allowed = [...new Set(rules.map(({ to }) => to))].slice(0, 5).join(', ');
    return `"${call.from}" may not call "${call.to}"; it may call ${allowed}`;
  }
  const host = about.some(({ isHost }) => isHost !== undefined) ? hostOf(call.args) : undefined;
  return host === undefined
    ? `"${call.from}" may not call "${call.to}" with these arguments`
    : `"${call.from}" may not call "${call.to}" with the host "${host}" and these arguments`;
}
