// A drafted blueprint for a person: the text, what it may do in plain words, where data goes, and the proof.
import { toWords } from '../grants/words.ts';
import { type Drafted, type Outcome, plain } from './doors.ts';

/** Everything, line by line. Texts of strangers are cut to one line and cannot act on a terminal. */
export function toLines(wish: string, outcome: Outcome): readonly string[] {
  const { drafted, notes, unmet, questions, offers } = outcome;
  const lines = [
    `Wanted: ${plain(wish, 400)}`,
    `Looked at ${offers.length} skills and agents; nothing was installed and nothing ran`,
    ...notes.map((note) => `  note: ${note}`),
    ...unmet.map((part) => `  nothing was found for "${plain(part, 200)}"`),
    ...alternatives(outcome),
    ...(drafted === undefined ? ['There is no blueprint'] : toDraftedLines(drafted)),
    ...section(
      'Left open by the model',
      questions.map((question) => plain(question, 200)),
    ),
  ];
  return lines.map((line) => line.replace(ACTING, ' '));
}

/** Names of functions and arguments are a stranger's too. */
const ACTING = /[\p{Cc}\p{Cf}\u2028\u2029]/gu;

function alternatives({ choices, drafted }: Outcome): readonly string[] {
  if (drafted?.by === 'model') return [];
  return choices.flatMap(({ part, candidate, others }) =>
    others.length === 0
      ? []
      : [
          `  for "${plain(part, 100)}" ${candidate.offer.name}.${candidate.function.name} was found, and about as good ${others.map(({ offer, function: called }) => `${offer.name}.${called.name}`).join(', ')}`,
        ],
  );
}

function toDraftedLines(drafted: Drafted): readonly string[] {
  const by = drafted.by === 'model' ? 'a model, and checked like any other' : 'search and templates';
  return [
    '',
    `Blueprint, drafted by ${by}:`,
    ...drafted.text
      .trimEnd()
      .split('\n')
      .map((line) => `  ${line}`),
    ...section('What it does', toSteps(drafted)),
    ...section('What it may do', toPermissions(drafted)),
    ...section('Where things go', toWaysOut(drafted)),
    ...section(
      'Asked for in each run',
      drafted.open.map(({ name, uses }) => `${plain(name, 64)}: for ${uses.join(', ')}`),
    ),
    ...section(
      'Changed so that it holds',
      drafted.repairs.map(
        ({ code, what, cost }) => `${code}: ${plain(what, 300)}${cost === undefined ? '' : `; ${cost}`}`,
      ),
    ),
    ...section('Proof', toProof(drafted)),
    ...section('The check cannot see', drafted.explanation.blindSpots),
    ...(drafted.words === undefined ? [] : section("In the model's words, which nobody checked", [drafted.words])),
  ];
}

function toSteps({ explanation }: Drafted): readonly string[] {
  return explanation.steps.flatMap((step, index) => [
    `${index + 1}. ${step.id} calls ${step.calls}${step.foreach === undefined ? '' : ` for each of ${step.foreach}`}${step.when === undefined ? '' : `, when ${step.when}`}`,
    ...step.arguments.map(({ name, from }) => `     ${plain(name, 64)}: ${plain(from, 300)}`),
  ]);
}

function toPermissions({ explanation }: Drafted): readonly string[] {
  return explanation.components.flatMap(({ offer, permissions, grants }) => {
    const words = toWords(permissions);
    const signed =
      offer.signers.length === 0 ? '' : `, signed by ${offer.signers.map((id) => id.slice(0, 16)).join(', ')}`;
    const isNew = Object.keys(grants).length > 0;
    return [
      `${offer.name} (${ORIGIN[offer.origin]} ${plain(offer.title, 100)}${signed})${offer.description === '' ? '' : `: "${plain(offer.description, 160)}"`}`,
      ...(words.length === 0 ? ['    nothing but compute on what it is given'] : words.map((word) => `    ${word}`)),
      ...(isNew ? ['    your yes grants this; it was not granted before'] : []),
    ];
  });
}

const ORIGIN = { registry: 'not installed:', installed: 'installed:', local: 'file' } as const;

function toWaysOut({ explanation }: Drafted): readonly string[] {
  if (explanation.waysOut.length === 0) return ['nothing leaves, and nothing is changed'];
  return explanation.waysOut.flatMap(({ what, to, carries }) => [
    `${plain(what, 160)}${to.length === 0 ? '' : `, to ${to.map((each) => plain(each, 160)).join(' and ')}`}`,
    `    may carry ${carries.length === 0 ? 'nothing private and nothing that strangers wrote' : carries.map(inWords).join(', ')}`,
  ]);
}

function inWords(label: string): string {
  const [mark, origin = ''] = label.split(/:(.*)/s);
  return `${mark === 'private' ? 'private data' : 'what strangers wrote'} (${plain(origin, 80)})`;
}

function toProof({ explanation, checked, isProven, refused }: Drafted): readonly string[] {
  const findings = explanation.checks.flatMap(({ check, title, findings: own }) => {
    const worst = own.some(({ severity }) => severity === 'error') ? 'FAILS' : 'holds';
    return [
      `${worst}  ${check === 0 ? '-' : check}  ${title}`,
      ...own.map((finding) => `         ${finding.severity} ${finding.code}: ${plain(finding.message, 600)}`),
    ];
  });
  return [
    ...checked.problems.map(({ where, message }) => `${where.line}:${where.column} ${plain(message, 300)}`),
    ...findings,
    ...refused.map(({ place, question }) => `without a yes to --release ${place}: ${plain(question, 300)}`),
    isProven ? 'The ten checks hold' : 'It does not hold: it is neither written, installed nor run',
  ];
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ['', `${title}:`, ...lines.map((line) => `  ${line}`)];
}
