// Findings as a person reads them in a terminal.
import { BLIND_SPOTS, type Finding, pathText } from '../guard-check.ts';

/**
 * Each finding with its place, its path and its repair, then a line that sums up, then what the check cannot see.
 */
export function toText(findings: readonly Finding[]): string {
  const blocks = findings.map((finding) => {
    const { where, severity, code, message, path, otherPath, repair } = finding;
    const lines = [`${where.path}:${where.line}:${where.column}: ${severity} ${code}: ${message}`];
    // Most messages have their path in them already; what they lack is where each station stands.
    for (const [index, way] of [path, otherPath ?? []].entries()) {
      if (way.length < 2) continue;
      lines.push(index === 0 ? '  path:' : '  and:');
      for (const step of way) lines.push(`    ${step.where.line}:${step.where.column}  ${pathText([step])}`);
    }
    if (repair !== undefined) lines.push(`  repair: ${repair.text}`);
    return lines.join('\n');
  });
  return [...blocks, summary(findings), `It cannot see:\n${BLIND_SPOTS.map((spot) => `- ${spot}`).join('\n')}`].join(
    '\n\n',
  );
}

function summary(findings: readonly Finding[]): string {
  const count = (severity: Finding['severity']) => findings.filter((finding) => finding.severity === severity).length;
  const [errors, warnings, notes] = [count('error'), count('warning'), count('note')];
  const words = [counted(errors, 'error'), counted(warnings, 'warning'), counted(notes, 'note')].flat().join(', ');
  if (errors > 0) return words;
  return words === '' ? 'The ten checks hold' : `The ten checks hold, with ${words}`;
}

function counted(count: number, word: string): readonly string[] {
  return count === 0 ? [] : [`${count} ${word}${count === 1 ? '' : 's'}`];
}
