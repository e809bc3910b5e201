// A JavaScript or TypeScript agent as one module that node runs alone.
import { readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { PypesError } from '@pypes/contract';
import { parseModule, stripTypes } from '../../read/javascript/parse.ts';
import { refusal, type Verdict } from '../../verdict.ts';

/** @throws PypesError `agent_broken`; `unsupported` where the file needs other files */
export function ejectJavascript(text: string, filename: string): string {
  const code = filename.endsWith('.ts') ? stripTypes(text, filename) : text;
  const { body } = parseModule(code, filename);
  const verdicts = body.flatMap((node): Verdict[] => {
    if (!('source' in node) || !node.source) return [];
    const from = String(node.source.value);
    if (isBuiltin(from)) return [];
    const place = { line: node.loc?.start.line ?? 1, column: (node.loc?.start.column ?? 0) + 1 };
    return [
      {
        file: filename,
        ...place,
        construct: `import "${from}"`,
        why: 'Only what Node brings can be imported by a file that stands alone',
      },
    ];
  });
  if (verdicts.length > 0) throw refusal(filename, 'one file', verdicts);
  // Whatever the file did when it was run alone, it now does what every ejected file does.
  const guards = body.filter(
    (node) =>
      node.type === 'IfStatement' && node.test.type === 'MemberExpression' && node.test.object.type === 'MetaProperty',
  );
  const kept = guards.reduceRight((rest, { start, end }) => rest.slice(0, start) + rest.slice(end), code);
  if (!/\bAGENT\b/.test(kept) || !/\brun\b/.test(kept))
    throw new PypesError('agent_broken', `"${filename}" does not export AGENT and run`);
  const tidy = kept
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
  return `${tidy.trimEnd()}\n${standalone()}`;
}

/** What makes a module with AGENT and run a program. */
export function standalone(): string {
  return readFileSync(new URL('./main.mjs', import.meta.url), 'utf8');
}
