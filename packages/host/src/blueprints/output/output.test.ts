// What comes out of a check: JSON, SARIF as its schema has it, text, and a picture that is well formed.
import { isJsonObject, type Json, type JsonObject } from '@pypes/contract';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { toGraph } from '../graph/to-graph.ts';
import { BLIND_SPOTS, checkGraph, type Finding, type FlowGraph } from '../guard-check.ts';
import { parseBlueprint } from '../parse-blueprint.ts';
import { knownBlueprints } from '../testing/known-blueprints.suite.ts';
import { layOut } from './layout.ts';
import { toJsonReport } from './to-json.ts';
import { toSarif } from './to-sarif.ts';
import { toSvg } from './to-svg.ts';
import { toText } from './to-text.ts';

const KNOWN: readonly { readonly name: string; readonly graph: FlowGraph; readonly findings: readonly Finding[] }[] =
  knownBlueprints().map(({ name, text, path, facts }) => {
    const graph = toGraph(parseBlueprint(text, path), facts);
    return { name, graph, findings: checkGraph(graph) };
  });
const ALL = KNOWN.flatMap(({ findings }) => findings);

test('JSON says whether it holds, and what cannot be seen', () => {
  expect(toJsonReport([])).toEqual({ ok: true, findings: [], blind_spots: BLIND_SPOTS });
  const report = toJsonReport(ALL) as { readonly ok: boolean; readonly findings: readonly JsonObject[] };
  expect(report.ok).toBe(false);
  expect(JSON.parse(JSON.stringify(report))).toEqual(report);
  for (const finding of report.findings)
    expect(Object.keys(finding)).toEqual(
      expect.arrayContaining(['code', 'check', 'severity', 'where', 'message', 'path']),
    );
});

describe('SARIF 2.1.0', () => {
  const log = toSarif(ALL, '1.2.3') as { readonly [key: string]: Json };
  const [run = {}] = log.runs as readonly JsonObject[];
  const results = run.results as readonly JsonObject[];

  test('what its schema requires is there, and of the right type', () => {
    expect(log.version).toBe('2.1.0');
    const driver = (run.tool as JsonObject).driver as JsonObject;
    expect(driver).toMatchObject({ name: expect.any(String), semanticVersion: '1.2.3' });
    const rules = driver.rules as readonly JsonObject[];
    expect(results.length).toBe(ALL.length);
    for (const result of results) {
      expect(result).toMatchObject({
        message: { text: expect.any(String) },
        level: expect.stringMatching(/^(?:error|warning|note)$/),
      });
      expect(rules[result.ruleIndex as number]?.id).toBe(result.ruleId);
      const location = (result.locations as readonly JsonObject[])[0]?.physicalLocation as JsonObject;
      expect(location).toMatchObject({
        artifactLocation: { uri: expect.stringMatching(/^[\w./%-]+$/) },
        region: { startLine: expect.any(Number), startColumn: expect.any(Number) },
      });
      for (const flow of (result.codeFlows ?? []) as readonly JsonObject[]) {
        const [thread = {}] = flow.threadFlows as readonly JsonObject[];
        expect((thread.locations as readonly Json[]).length).toBeGreaterThan(0);
      }
      for (const fix of (result.fixes ?? []) as readonly JsonObject[]) {
        const [change] = fix.artifactChanges as readonly JsonObject[];
        expect(change).toMatchObject({
          artifactLocation: { uri: expect.any(String) },
          replacements: [{ deletedRegion: { startLine: expect.any(Number) } }],
        });
      }
    }
    expect(results.some(({ codeFlows }) => codeFlows !== undefined)).toBe(true);
  });

  test('lines and columns count from 1', () => {
    const walk = (value: Json): void => {
      if (Array.isArray(value)) for (const item of value) walk(item as Json);
      else if (isJsonObject(value)) {
        for (const [key, item] of Object.entries(value)) {
          if (/^(?:start|end)(?:Line|Column)$/.test(key)) expect(item).toBeGreaterThan(0);
          walk(item);
        }
      }
    };
    walk(log);
  });
});

test('text has every place, code, path and repair, and the blind spots', () => {
  for (const { name, findings } of KNOWN) {
    const text = toText(findings);
    for (const finding of findings) {
      expect(text).toContain(
        `${finding.where.path}:${finding.where.line}:${finding.where.column}: ${finding.severity} ${finding.code}: `,
      );
      for (const { title } of finding.path.length > 1 ? finding.path : []) expect(text).toContain(title);
      if (finding.repair !== undefined) expect(text).toContain(finding.repair.text);
    }
    if (name === 'safe') expect(text).toContain('The ten checks hold');
    expect(text).toContain(BLIND_SPOTS.at(-1));
  }
});

describe('the picture', () => {
  test('every place that a value passes is in it, and it is well-formed XML', () => {
    for (const { graph, findings } of KNOWN) {
      const svg = toSvg(graph, findings[0]);
      expect(tagsOf(svg)).toEqual([]);
      for (const { title } of findings[0]?.path ?? [])
        expect(svg).toContain(title.replaceAll('"', '&quot;').slice(0, 30));
    }
  });

  test('what a stranger wrote stays text', () => {
    const [{ graph } = { graph: undefined }] = KNOWN;
    const nodes = graph?.nodes.map((node) => ({ ...node, title: '</text><script>alert(1)</script>"&\u0000' })) ?? [];
    const svg = toSvg({ ...(graph as FlowGraph), nodes });
    expect(svg).not.toContain('<script');
    expect(svg).not.toContain('\u0000');
    expect(tagsOf(svg)).toEqual([]);
  });

  test('boxes never overlap, lie inside, and lines end at them', () => {
    const ids = ['a', 'b', 'c', 'd', 'e', 'f'];
    const line = fc.tuple(fc.constantFrom(...ids), fc.constantFrom(...ids)).filter(([from, to]) => from !== to);
    fc.assert(
      fc.property(
        fc.uniqueArray(line, { selector: String, maxLength: 14 }),
        fc.array(fc.integer({ min: 20, max: 200 }), { minLength: 6, maxLength: 6 }),
        (lines, widths) => {
          const boxes = ids.map((id, index) => ({ id, width: widths[index] as number, height: 40 }));
          const layout = layOut(
            boxes,
            lines.map(([from, to]) => ({ from, to })),
          );
          const placed = boxes.map((box) => ({ ...box, ...(layout.boxes.get(box.id) as { x: number; y: number }) }));
          for (const one of placed) {
            expect(
              one.x - one.width / 2 >= 0 &&
                one.x + one.width / 2 <= layout.width &&
                one.y >= 20 &&
                one.y + 20 <= layout.height,
            ).toBe(true);
            for (const other of placed) {
              const apart =
                one.id === other.id ||
                Math.abs(one.x - other.x) >= (one.width + other.width) / 2 ||
                Math.abs(one.y - other.y) >= 40;
              expect(apart).toBe(true);
            }
          }
          for (const [index, [from, to]] of lines.entries()) {
            const points = layout.lines[index] ?? [];
            expect([points[0]?.y, points.at(-1)?.y]).toEqual([layout.boxes.get(from)?.y, layout.boxes.get(to)?.y]);
          }
        },
      ),
    );
  });
});

/** Tags that are not closed in order, and characters that no text of XML may have. */
function tagsOf(svg: string): readonly string[] {
  const open: string[] = [];
  const wrong: string[] = [];
  const text = svg.replace(
    /<(\/?)([a-z]+)((?:\s[\w:-]+="[^"<]*")*)\s*(\/?)>/gi,
    (_whole, close: string, name: string, _attributes, empty: string) => {
      if (close === '/') {
        if (open.pop() !== name) wrong.push(name);
      } else if (empty !== '/') open.push(name);
      return '';
    },
  );
  if (/[<>]|&(?!(?:amp|lt|gt|quot);)/.test(text)) wrong.push('text');
  return [...wrong, ...open];
}
