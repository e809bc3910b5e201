// Findings as JSON, for programs.
import type { Json, JsonObject } from '@pypes/contract';
import { BLIND_SPOTS, FINDING_CODES, type Finding, type PathStep } from '../guard-check.ts';

/** `{ok, findings: [{code, check, severity, where, message, path, …}], blind_spots}`; `ok` where there is no error. */
export function toJsonReport(findings: readonly Finding[]): JsonObject {
  return {
    ok: findings.every(({ severity }) => severity !== 'error'),
    findings: findings.map(toEntry),
    blind_spots: BLIND_SPOTS,
  };
}

function toEntry({ code, severity, where, message, path, otherPath, repair }: Finding): Json {
  return {
    code,
    check: FINDING_CODES[code].check,
    severity,
    where,
    message,
    path: path.map(toStep),
    ...(otherPath === undefined ? {} : { other_path: otherPath.map(toStep) }),
    ...(repair === undefined ? {} : { repair: { ...repair } }),
  };
}

function toStep({ node, title, via, where }: PathStep): Json {
  return { node, title, ...(via === undefined ? {} : { via }), where };
}
