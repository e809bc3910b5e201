// A skill as a person reads it before a yes: what it is, who signed it, what it asks for and what that means.

import { plain } from '@pypes/host/plain';
import type { SkillReport } from '@pypes/service/skills';
import { toPermissionText } from '../grants/change.ts';

/** Who publishes a skill writes its description: a terminal shows it as text, not as commands. */
const LONGEST_DESCRIPTION = 500;

const MEANINGS: { readonly [permission: string]: string } = {
  network: 'send what it was given to these hosts, and read what they answer',
  memory: 'keep JSON about each user between calls',
  objects: 'keep files',
  vault: 'read these secrets',
  ai: 'ask models, at your cost',
  session: 'use a working folder, or a browser page',
};

const FLOWS: { readonly [label: string]: string } = {
  private: 'reads private data',
  untrusted: 'reads what strangers wrote',
  network: 'sends over the network',
  message: 'sends messages to people',
  write: 'changes data',
  destructive: 'destroys data',
};

/** The review of a skill, line by line. */
export function toReview(report: SkillReport, before: SkillReport | undefined): readonly string[] {
  return [
    report.title,
    `  ${plain(report.description, LONGEST_DESCRIPTION)}`,
    `  digest     ${report.digest}`,
    `  signed by  ${report.signers.length === 0 ? 'nobody' : report.signers.map((id) => id.slice(0, 16)).join(', ')}`,
    ...(report.functions.length === 0 ? [] : [`  offers     ${report.functions.join(', ')}`]),
    ...(report.imports.length === 0 ? [] : [`  imports    ${report.imports.join(', ')}`]),
    ...toPermissions(report),
    ...toFlows(report),
    ...(before === undefined ? [] : toDifference(report, before)),
  ];
}

function toPermissions({ asked }: SkillReport): readonly string[] {
  const names = Object.keys(asked);
  if (names.length === 0) return ['  asks for   nothing: it computes on its arguments alone'];
  return [
    '  asks for',
    ...names.map((name) => {
      const text = toPermissionText({ [name]: asked[name as keyof typeof asked] });
      return `    ${text}   ${MEANINGS[name] ?? ''}`.trimEnd();
    }),
  ];
}

function toFlows({ labels }: SkillReport): readonly string[] {
  const lines = Object.entries(labels).map(([name, { reads, sends, destinations = [] }]) => {
    const words = [...reads, ...sends].flatMap((label) => FLOWS[label] ?? []);
    return words.length === 0
      ? undefined
      : `    ${name}: ${words.join(', ')}${destinations.length === 0 ? '' : `, to where ${destinations.join(' and ')} says`}`;
  });
  const said = lines.filter((line) => line !== undefined);
  return said.length === 0 ? [] : ['  says of itself', ...said];
}

/** What an update changes, in the words of what matters. */
function toDifference(now: SkillReport, before: SkillReport): readonly string[] {
  const lines: string[] = [];
  const [asks, asked] = [toPermissionText(now.asked), toPermissionText(before.asked)];
  if (asks !== asked)
    lines.push(`    asks for ${asks === '' ? 'nothing' : asks} (before: ${asked === '' ? 'nothing' : asked})`);
  for (const [what, key] of [
    ['functions', 'functions'],
    ['imports', 'imports'],
    ['signers', 'signers'],
  ] as const) {
    const added = now[key].filter((each) => !before[key].includes(each));
    const gone = before[key].filter((each) => !now[key].includes(each));
    if (added.length > 0) lines.push(`    new ${what}: ${added.join(', ')}`);
    if (gone.length > 0) lines.push(`    no longer: ${gone.join(', ')}`);
  }
  if (JSON.stringify(now.labels) !== JSON.stringify(before.labels)) lines.push('    other labels than before');
  if (now.digest === before.digest) return ['  the same bytes as what is installed'];
  return [
    `  against ${before.title}, which is installed`,
    ...(lines.length === 0 ? ['    nothing of this changes'] : lines),
  ];
}
