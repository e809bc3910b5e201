// Findings → repairs, the mildest first. What is not here is not repaired but shown.
import type { Permissions } from '@pypes/contract';
import { allows, type Finding } from '../../blueprints/guard-check.ts';
import type { Checked } from '../check-draft.ts';
import { type Draft, offersOf } from '../draft/draft.ts';
import { argumentsOf } from '../draft/function-type.ts';
import { type PlanStep, type Source, stepValuesOf, withSources } from '../draft/plan.ts';
import { nameOf } from '../offer.ts';
import { plain } from '../words/plain.ts';
import type { Repair } from './repair.ts';

/** Everything that might mend one finding of a draft, in the order in which it is tried. */
export function proposeRepairs(finding: Finding, draft: Draft, checked: Checked): readonly Repair[] {
  const step = stepOf(finding, draft, checked);
  const { repair } = finding;
  const own: readonly Repair[] =
    repair?.edit === undefined
      ? []
      : [{ kind: 'edit', edit: repair.edit, note: { code: finding.code, what: repair.text } }];
  return [...own, ...(step === undefined ? [] : ofStep(finding, draft, step)), ...ofComponents(finding, draft)];
}

function ofStep(finding: Finding, draft: Draft, step: PlanStep): readonly Repair[] {
  switch (finding.code) {
    case 'PB701':
      return [...cutTexts(finding, draft, step), ...askInstead(finding, draft, step, isUnfit(step))];
    case 'PB703':
      return askInstead(finding, draft, step, () => true);
    case 'PB801':
      return [...askInstead(finding, draft, step, isDestination(step)), ...approve(finding, draft, step)];
    case 'PB401':
    case 'PB402':
      return approve(finding, draft, step);
    case 'PB301':
      return release(finding, draft, step);
    case 'PB901':
      return [scan(finding, draft, step)];
    case 'PB601':
    case 'PB602':
      return enlarge(finding, draft);
    default:
      return [];
  }
}

/** Texts that may be too long are cut. */
function cutTexts(finding: Finding, draft: Draft, step: PlanStep): readonly Repair[] {
  const limits = new Map(argumentsOf(step.candidate).map(({ name, schema }) => [name, schema?.maxLength]));
  const cut: string[] = [];
  const plan = withSources(draft.plan, step.id, (source, argument) => {
    const most = limits.get(argument);
    if (typeof most !== 'number' || stepValuesOf(source).length === 0) return source;
    const shorter = cutSource(source, most);
    if (JSON.stringify(shorter) !== JSON.stringify(source)) cut.push(`"${argument}"`);
    return shorter;
  });
  if (cut.length === 0) return [];
  const what = `${cut.join(' and ')} of step "${step.id}" is cut to what ${nameOf(step.candidate)} takes`;
  return [
    {
      kind: 'draft',
      draft: { ...draft, plan },
      note: { code: finding.code, what, cost: 'longer texts lose their end' },
    },
  ];
}

function cutSource(source: Source, most: number): Source {
  if (source.from === 'step') return { ...source, most: Math.min(source.most ?? most, most) };
  if (source.from !== 'text') return source;
  const words = source.parts.reduce((sum, part) => sum + (typeof part === 'string' ? part.length : 0), 0);
  const each = Math.floor(
    Math.max(0, most - words) / Math.max(1, source.parts.filter((part) => typeof part !== 'string').length),
  );
  return {
    from: 'text',
    parts: source.parts.map((part) =>
      typeof part === 'string' ? part : { ...part, most: Math.min(part.most ?? each, each) },
    ),
  };
}

/** Values that do not fit, or may not decide, are given by the person instead. */
function askInstead(
  finding: Finding,
  draft: Draft,
  step: PlanStep,
  isMeant: (argument: string, source: Source) => boolean,
): readonly Repair[] {
  const asked: string[] = [];
  const plan = withSources(draft.plan, step.id, (source, argument) => {
    const moves = (source.from === 'item' || stepValuesOf(source).length > 0) && isMeant(argument, source);
    if (!moves) return source;
    asked.push(`"${argument}"`);
    return { from: 'input', name: argument };
  });
  if (asked.length === 0) return [];
  const what = `${asked.join(' and ')} of step "${step.id}" comes from you`;
  const cost = 'no step decides it any more: it is asked for instead';
  return [{ kind: 'draft', draft: { ...draft, plan }, note: { code: finding.code, what, cost } }];
}

function isDestination({ candidate }: PlanStep) {
  const names = new Set(argumentsOf(candidate).flatMap(({ name, destination }) => (destination ? [name] : [])));
  return (argument: string) => names.has(argument);
}

/** Texts were cut before; what remains does not fit for another reason. */
function isUnfit({ candidate }: PlanStep) {
  const known = new Set(argumentsOf(candidate).flatMap(({ name, schema }) => (schema === undefined ? [] : [name])));
  return (argument: string) => known.has(argument);
}

/** A person's yes in each run: before the step, then before what its component sends by itself. */
function approve(finding: Finding, draft: Draft, { candidate }: PlanStep): readonly Repair[] {
  const to = nameOf(candidate);
  const reason = 'Content that strangers wrote could decide what is done here';
  const places = [
    { from: 'workflow', to },
    { from: candidate.offer.name, to: 'context.fetch' },
  ];
  return places
    .filter((place) => !draft.approvals.some((known) => known.from === place.from && known.to === place.to))
    .map((place): Repair => {
      const what = `A person says yes before ${place.from === 'workflow' ? `every call of ${to}` : `every request of ${place.from}`}`;
      return {
        kind: 'draft',
        draft: { ...draft, approvals: [...draft.approvals, { ...place, reason }] },
        note: { code: finding.code, what, cost: 'it does not go on without you: pypes approvals lists what waits' },
      };
    });
}

/** Private data gets out only where a person says so, argument by argument. */
function release(finding: Finding, draft: Draft, step: PlanStep): readonly Repair[] {
  const mark = finding.message.startsWith('untrusted') ? 'untrusted' : 'private';
  return Object.entries(step.input).flatMap(([argument, source]): readonly Repair[] => {
    const where = `${step.id}.input.${argument}`;
    if (stepValuesOf(source).length === 0 && source.from !== 'item') return [];
    if (draft.releases.some((known) => known.where === where && known.mark === mark)) return [];
    const reason = `Said yes to when it was drafted: ${plain(draft.goal, 160)}`;
    const named = { ...draft, releases: [...draft.releases, { mark, where, reason } as const] };
    const what = `Private data leaves by "${argument}" of ${nameOf(step.candidate)}`;
    return [
      {
        kind: 'release',
        place: where,
        question: `${finding.message}. Let it out there, in every run?`,
        draft: named,
        note: { code: finding.code, what, cost: 'whatever is in this argument gets out: the check no longer stops it' },
      },
    ];
  });
}

/** What a component sends by itself does not pass the workflow. */
function scan(finding: Finding, draft: Draft, { candidate }: PlanStep): Repair {
  const place = { from: candidate.offer.name, to: 'context.fetch' };
  return {
    kind: 'draft',
    draft: { ...draft, scans: [...draft.scans, place] },
    note: { code: finding.code, what: `DLP looks at what ${candidate.offer.name} sends by itself` },
  };
}

const MOST_BYTES = 1024 * 1024;

/** The budget is the draft's own; nobody had set it. */
function enlarge(finding: Finding, draft: Draft): readonly Repair[] {
  if (draft.maxBytes >= MOST_BYTES) return [];
  const maxBytes = Math.min(MOST_BYTES, draft.maxBytes * 4);
  const what = `Room for ${maxBytes} bytes in one call, in the place of ${draft.maxBytes}`;
  return [
    { kind: 'draft', draft: { ...draft, maxBytes }, note: { code: finding.code, what, cost: 'larger calls pass' } },
  ];
}

/** What the person granted when it was installed is all that it gets. */
function ofComponents(finding: Finding, draft: Draft): readonly Repair[] {
  if (finding.code !== 'PB102') return [];
  const offer = offersOf(draft).find(({ name }) => finding.message.startsWith(`"${name}" `));
  const { granted, asked } = offer?.facts ?? {};
  if (offer === undefined || granted === undefined || draft.narrowed.has(offer.name)) return [];
  const narrowed = new Map([...draft.narrowed, [offer.name, both(granted, asked ?? {})] as const]);
  const what = `"${offer.name}" runs with what you granted when it was installed, and no more`;
  const cost = 'what it asks for beyond that fails; pypes install grants more';
  return [{ kind: 'draft', draft: { ...draft, narrowed }, note: { code: finding.code, what, cost } }];
}

/** What is in both. */
function both(a: Partial<Permissions>, b: Partial<Permissions>): Partial<Permissions> {
  const list = <T>(left: readonly T[] = [], right: readonly T[] = []) => left.filter((item) => right.includes(item));
  const access = (kind: 'memory' | 'objects') => {
    const [read, write] = (['read', 'write'] as const).map(
      (what) => allows(a[kind] ?? 'none', what) && allows(b[kind] ?? 'none', what),
    );
    return read ? (write ? ('read-write' as const) : ('read' as const)) : undefined;
  };
  const [network, vault, session] = [list(a.network, b.network), list(a.vault, b.vault), list(a.session, b.session)];
  const [memory, objects] = [access('memory'), access('objects')];
  return {
    ...(network.length === 0 ? {} : { network }),
    ...(memory === undefined ? {} : { memory }),
    ...(objects === undefined ? {} : { objects }),
    ...(vault.length === 0 ? {} : { vault }),
    ...(a.ai === true && b.ai === true ? { ai: true } : {}),
    ...(session.length === 0 ? {} : { session }),
  };
}

/** The step that a finding is about: the last one of its path, else the one where it stands. */
function stepOf({ path, where }: Finding, { plan }: Draft, { blueprint }: Checked): PlanStep | undefined {
  const last = path
    .findLast(({ node }) => node.startsWith('step:'))
    ?.node.replace(/^step:/, '')
    .replace(/[!#].*$/, '');
  const here = blueprint.steps.findLast((step) => step.where.line <= where.line)?.id;
  return plan.steps.find(({ id }) => id === last) ?? plan.steps.find(({ id }) => id === here);
}
