// Check 6: bytes and calls along every path against the limits, by the largest value that each type allows.
import { type Finding, type PathStep, toFinding, type Where } from '../finding.ts';
import type { FlowBudget, FlowCall, FlowGraph } from '../graph.ts';
import { type SizeRange, sizeOf } from '../types/size.ts';

type Sized = FlowCall & { readonly down: SizeRange; readonly up: SizeRange };

/** Payload limits of every call, and data budgets over all calls that they cover. */
export function checkBudgets({ calls, budgets }: FlowGraph): readonly Finding[] {
  const sized = new Map<string, Sized>(
    calls.map((call) => [call.id, { ...call, down: sizeOf(call.sent), up: sizeOf(call.given ?? call.expected) }]),
  );
  return [
    ...[...sized.values()].flatMap(checkPayload),
    ...budgets.flatMap((budget) => {
      const covered = budget.calls.flatMap((id) => sized.get(id) ?? []);
      return [
        ...checkEachCall(budget, covered),
        ...checkBytesOfRun(budget, covered),
        ...checkCallsOfRun(budget, covered),
      ];
    }),
  ];
}

function checkPayload(call: Sized): readonly Finding[] {
  const what = `its limit of ${call.maxBytes} bytes`;
  return checkSizes(call, 'both', { bytes: call.maxBytes, declared: call.ownLimit, what, where: call.maxBytesWhere });
}

function checkEachCall({ bytesPerCall, on, title, where }: FlowBudget, calls: readonly Sized[]): readonly Finding[] {
  if (bytesPerCall === undefined) return [];
  const limit = { bytes: bytesPerCall, declared: true, what: `the ${bytesPerCall} bytes of ${title}`, where };
  return calls.flatMap((call) => checkSizes(call, on, limit));
}

/** `declared`: somebody wrote it for these calls, and wants to know whether it holds. */
type Limit = { readonly bytes: number; readonly declared: boolean; readonly what: string; readonly where: Where };

function checkSizes(call: Sized, on: FlowBudget['on'], limit: Limit): readonly Finding[] {
  const ways = on === 'args' ? (['down'] as const) : on === 'reply' ? (['up'] as const) : (['down', 'up'] as const);
  return ways.flatMap((way) => {
    const name = way === 'down' ? `The arguments of ${call.title}` : `The reply of ${call.title}`;
    return checkSize(call, call[way], name, limit);
  });
}

function checkSize(call: Sized, { least, most }: SizeRange, name: string, limit: Limit): readonly Finding[] {
  const { bytes: allowed, declared, what, where } = limit;
  if (most <= allowed) return [];
  const path = [stepOf(call)];
  if (!Number.isFinite(most) && least <= allowed) {
    const message = `${name} may exceed ${what}: the type has no largest value; the guard stops it`;
    return declared ? [toFinding('PB604', where, message, { path })] : [];
  }
  const message =
    least > allowed
      ? `${name} always exceed ${what}: at least ${least} bytes`
      : `${name} may exceed ${what}: up to ${most} bytes`;
  const target = Number.isFinite(most) ? `Raise the limit to ${most}` : 'Raise the limit';
  return [toFinding('PB601', where, message, { path, repair: { text: `${target}, or bound the type` } })];
}

function checkBytesOfRun({ bytesPerRun, on, title, where }: FlowBudget, calls: readonly Sized[]): readonly Finding[] {
  if (bytesPerRun === undefined || calls.length === 0) return [];
  const path = calls.map((call) => ({ ...stepOf(call), via: `${times(call.mostUses)} ${bytes(mostOf(call, on))}` }));
  const most = sum(calls.map((call) => product(call.mostUses, mostOf(call, on))));
  if (most <= bytesPerRun) return [];
  if (!Number.isFinite(most)) {
    return [
      toFinding(
        'PB604',
        where,
        `Whether ${title} holds for ${bytesPerRun} bytes a run cannot be told: ${unbounded(calls, on)}; the guard stops it`,
        { path },
      ),
    ];
  }
  return [
    toFinding(
      'PB602',
      where,
      `One run may carry ${most} bytes, ${title} lets ${bytesPerRun} through: ${path.map((step) => `${step.title} ${step.via}`).join(' + ')}`,
      {
        path,
        repair: { text: `Raise max_bytes_per_run to ${most}, or bound the types or the number of calls on the path` },
      },
    ),
  ];
}

function checkCallsOfRun({ callsPerRun, title, where }: FlowBudget, calls: readonly Sized[]): readonly Finding[] {
  if (callsPerRun === undefined || calls.length === 0) return [];
  const path = calls.map((call) => ({ ...stepOf(call), via: times(call.mostUses) }));
  const most = sum(calls.map(({ mostUses }) => mostUses));
  if (most <= callsPerRun) return [];
  if (!Number.isFinite(most)) {
    return [
      toFinding(
        'PB604',
        where,
        `Whether ${title} holds for ${callsPerRun} calls a run cannot be told: ${unbounded(calls, 'both')}; the guard stops it`,
        { path },
      ),
    ];
  }
  return [
    toFinding('PB603', where, `One run may make ${most} calls, ${title} lets ${callsPerRun} through`, {
      path,
      repair: { text: `Raise max_calls_per_run to ${most}, or bound the lists that foreach goes through` },
    }),
  ];
}

/** What a call may carry; a limit of its own bounds what its type does not. */
function mostOf({ down, up, ownLimit, maxBytes }: Sized, on: FlowBudget['on']): number {
  const limit = ownLimit ? maxBytes : Number.POSITIVE_INFINITY;
  return (on === 'reply' ? 0 : Math.min(down.most, limit)) + (on === 'args' ? 0 : Math.min(up.most, limit));
}

function unbounded(calls: readonly Sized[], on: FlowBudget['on']): string {
  const open =
    calls.find((call) => !Number.isFinite(call.mostUses)) ?? calls.find((call) => !Number.isFinite(mostOf(call, on)));
  return open === undefined ? 'no bound' : `${open.title} has no bound`;
}

function stepOf({ node, nodeTitle, where }: Sized): PathStep {
  return { node, title: nodeTitle, where };
}

function times(uses: number): string {
  return Number.isFinite(uses) ? `${uses} ×` : 'any number ×';
}

function bytes(size: number): string {
  return Number.isFinite(size) ? `${size} bytes` : 'bytes without a bound';
}

function product(uses: number, size: number): number {
  return uses === 0 || size === 0 ? 0 : uses * size;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
