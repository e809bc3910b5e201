// Check 6: bytes and calls along every path against the limits, by the largest value that each type allows.
import { type Finding, type PathStep, toFinding } from '../finding.ts';
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
  return checkSizes(call, call.maxBytes, call.ownLimit, `its limit of ${call.maxBytes} bytes`, call.maxBytesWhere);
}

function checkEachCall({ bytesPerCall, title, where }: FlowBudget, calls: readonly Sized[]): readonly Finding[] {
  if (bytesPerCall === undefined) return [];
  return calls.flatMap((call) => checkSizes(call, bytesPerCall, true, `the ${bytesPerCall} bytes of ${title}`, where));
}

function checkSizes(
  call: Sized,
  limit: number,
  declared: boolean,
  what: string,
  where: FlowCall['where'],
): readonly Finding[] {
  const path = [stepOf(call)];
  return (['down', 'up'] as const).flatMap((way) => {
    const { least, most } = call[way];
    const name = way === 'down' ? `The arguments of ${call.title}` : `The reply of ${call.title}`;
    if (least > limit)
      return [
        toFinding('PB601', where, `${name} always exceed ${what}: at least ${least} bytes`, {
          path,
          repair: raise(most),
        }),
      ];
    if (most <= limit) return [];
    if (Number.isFinite(most)) {
      return [
        toFinding('PB601', where, `${name} may exceed ${what}: up to ${most} bytes`, { path, repair: raise(most) }),
      ];
    }
    return declared
      ? [
          toFinding('PB604', where, `${name} may exceed ${what}: the type has no largest value; the guard stops it`, {
            path,
          }),
        ]
      : [];
  });
}

function checkBytesOfRun({ bytesPerRun, title, where }: FlowBudget, calls: readonly Sized[]): readonly Finding[] {
  if (bytesPerRun === undefined || calls.length === 0) return [];
  const path = calls.map((call) => ({ ...stepOf(call), via: `${times(call.mostUses)} ${bytes(mostOf(call))}` }));
  const most = sum(calls.map((call) => product(call.mostUses, mostOf(call))));
  if (most <= bytesPerRun) return [];
  if (!Number.isFinite(most)) {
    return [
      toFinding(
        'PB604',
        where,
        `Whether ${title} holds for ${bytesPerRun} bytes a run cannot be told: ${unbounded(calls)}; the guard stops it`,
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
        `Whether ${title} holds for ${callsPerRun} calls a run cannot be told: ${unbounded(calls)}; the guard stops it`,
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

/** What a call may carry both ways; a limit of its own bounds what its type does not. */
function mostOf({ down, up, ownLimit, maxBytes }: Sized): number {
  const limit = ownLimit ? maxBytes : Number.POSITIVE_INFINITY;
  return Math.min(down.most, limit) + Math.min(up.most, limit);
}

function unbounded(calls: readonly Sized[]): string {
  const open =
    calls.find((call) => !Number.isFinite(product(call.mostUses, mostOf(call)))) ??
    calls.find((call) => !Number.isFinite(call.mostUses));
  return open === undefined ? 'no bound' : `${open.title} has no bound`;
}

function stepOf({ node, nodeTitle, where }: Sized): PathStep {
  return { node, title: nodeTitle, where };
}

function raise(most: number) {
  return {
    text: Number.isFinite(most)
      ? `Raise the limit to ${most}, or bound the type`
      : 'Raise the limit, or bound the type',
  };
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
