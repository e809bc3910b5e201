// The blueprints whose findings are known: exactly these, no more and no less.
import { describe, expect, test } from 'vitest';
import { toGraph } from './graph/to-graph.ts';
import { checkGraph } from './guard-check.ts';
import { parseBlueprint } from './parse-blueprint.ts';
import { knownBlueprints } from './testing/known-blueprints.suite.ts';

describe('known answers', () => {
  for (const { name, path, text, facts, expected } of knownBlueprints()) {
    test(name, () => {
      const findings = checkGraph(toGraph(parseBlueprint(text, path), facts));
      expect(
        findings.map((finding) => ({
          code: finding.code,
          line: finding.where.line,
          path: finding.path.map(({ title }) => title),
        })),
      ).toEqual(expected);
    });
  }
});
