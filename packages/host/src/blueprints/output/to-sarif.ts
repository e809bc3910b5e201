// Findings as SARIF 2.1.0, which editors and code hosts read.
import type { Json, JsonObject } from '@pypes/contract';
import { BLIND_SPOTS, type Edit, FINDING_CODES, type Finding, type PathStep, type Where } from '../guard-check.ts';

const SCHEMA = 'https://json.schemastore.org/sarif-2.1.0.json';

/** One run of the check as a SARIF log. Paths are code flows, edits are fixes. */
export function toSarif(findings: readonly Finding[], version: string): JsonObject {
  const codes = [...new Set(findings.map(({ code }) => code))].sort();
  return {
    $schema: SCHEMA,
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'pypes check',
            semanticVersion: version,
            rules: codes.map((code) => ({
              id: code,
              shortDescription: { text: FINDING_CODES[code].title },
              defaultConfiguration: { level: FINDING_CODES[code].severity },
              properties: { check: FINDING_CODES[code].check },
            })),
          },
        },
        columnKind: 'utf16CodeUnits',
        invocations: [
          {
            executionSuccessful: true,
            toolExecutionNotifications: BLIND_SPOTS.map((text) => ({
              level: 'note',
              message: { text: `Not seen: ${text}` },
            })),
          },
        ],
        results: findings.map((finding) => toResult(finding, codes.indexOf(finding.code))),
      },
    ],
  };
}

function toResult({ code, severity, where, message, path, otherPath, repair }: Finding, ruleIndex: number): Json {
  const flows = [path, otherPath ?? []].filter((way) => way.length > 0);
  return {
    ruleId: code,
    ruleIndex,
    level: severity,
    message: { text: repair === undefined ? message : `${message}\nRepair: ${repair.text}` },
    locations: [toLocation(where)],
    ...(flows.length === 0
      ? {}
      : { codeFlows: flows.map((way) => ({ threadFlows: [{ locations: way.map(toFlowStep) }] })) }),
    ...(repair?.edit === undefined ? {} : { fixes: [toFix(repair.text, repair.edit)] }),
  };
}

function toFlowStep({ title, via, where }: PathStep): Json {
  const text = via === undefined ? title : `${title} (${via})`;
  return { location: { ...toLocation(where), message: { text } } };
}

function toFix(text: string, { path, start, end, text: inserted }: Edit): Json {
  const deletedRegion = { startLine: start.line, startColumn: start.column, endLine: end.line, endColumn: end.column };
  const replacement = { deletedRegion, ...(inserted === '' ? {} : { insertedContent: { text: inserted } }) };
  return {
    description: { text },
    artifactChanges: [{ artifactLocation: { uri: toUri(path) }, replacements: [replacement] }],
  };
}

function toLocation({ path, line, column }: Where): JsonObject {
  return {
    physicalLocation: { artifactLocation: { uri: toUri(path) }, region: { startLine: line, startColumn: column } },
  };
}

/** A relative path as a relative URI. */
function toUri(path: string): string {
  return path.replaceAll('\\', '/').split('/').map(encodeURIComponent).join('/');
}
