// A Python agent as one file that python3 runs alone.
import { readFileSync } from 'node:fs';
import { type PyNode, parsePython } from '../../read/python/ast.ts';
import { isNode, nodes, walk } from '../../read/python/scope.ts';

const HOST_MODULES =
  /^(agents\.basic_agent|basic_agent|openrappter\.agents\.basic_agent|utils\.(azure_file_storage|storage_factory|dynamics_storage))$/;

/** @throws PypesError `agent_broken`, `unavailable` */
export function ejectPython(text: string, filename: string): string {
  const { body } = parsePython(text, filename);
  const lines = text.split('\n');
  // Whatever the file did when it was run alone, it now does what every ejected file does.
  for (const node of body.filter(isMainGuard)) {
    for (let line = node.lineno ?? 1; line <= Number(node.end_lineno ?? node.lineno ?? 1); line++) lines[line - 1] = '';
  }
  let usesHost = false;
  walk(body, (node) => {
    if (node.type === 'ImportFrom' && HOST_MODULES.test(String(node.module))) usesHost = true;
    if (node.type === 'Import' && nodes(node.names).some(({ name }) => HOST_MODULES.test(String(name))))
      usesHost = true;
  });
  if (usesHost) {
    const head = body.filter(
      (node, index) => (index === 0 && isDoc(node)) || (node.type === 'ImportFrom' && node.module === '__future__'),
    );
    const at = Math.max(leadingComments(lines), ...head.map((node) => Number(node.end_lineno ?? 0)));
    lines.splice(at, 0, `\n${part('stand-in.py').trim()}\n`);
  }
  return `${lines.join('\n').trimEnd()}\n${part('main.py')}`;
}

const part = (name: string): string => readFileSync(new URL(`./${name}`, import.meta.url), 'utf8');

function leadingComments(lines: readonly string[]): number {
  const first = lines.findIndex((line) => !line.startsWith('#'));
  return first < 0 ? lines.length : first;
}

function isDoc(node: PyNode): boolean {
  return node.type === 'Expr' && isNode(node.value) && node.value.type === 'Constant';
}

function isMainGuard(node: PyNode): boolean {
  const test = node.type === 'If' && isNode(node.test) ? node.test : undefined;
  return test?.type === 'Compare' && isNode(test.left) && test.left.id === '__name__';
}
