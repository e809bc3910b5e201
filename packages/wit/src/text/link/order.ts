// The order in which packages are joined: each after those that it needs, else by name.
import type { DraftPackage } from '../draft.ts';
import { fail, WitError } from '../errors.ts';
import type { PackageGroup } from '../package/read-group.ts';
import { comparePackageNames, printPackageName } from '../package-names.ts';
import type { Span } from '../source.ts';

/** Throws where two packages have one name, and where packages need each other. */
export const sortPackages = (groups: readonly PackageGroup[]): readonly DraftPackage[] => {
  const packages = new Map<string, DraftPackage>();
  for (const { main, nested } of groups) {
    for (const draft of [...nested, main]) {
      const name = printPackageName(draft.name);
      const known = packages.get(name);
      if (known !== undefined) {
        const related = [draft.span, known.span];
        throw new WitError(`package \`${name}\` is defined in two different locations:`, { span: draft.span, related });
      }
      packages.set(name, draft);
    }
  }
  const order = new Map<string, DraftPackage>();
  for (const draft of [...packages.values()].sort((a, b) => comparePackageNames(a.name, b.name))) {
    visit(draft, packages, order);
  }
  return [...order.values()];
};

type Needed = { readonly name: string; readonly span: Span };
type Frame = { readonly name: string; readonly draft: DraftPackage; readonly left: Needed[]; at: string };

// Not by recursion: packages can need each other in very long chains.
const visit = (
  root: DraftPackage,
  packages: ReadonlyMap<string, DraftPackage>,
  order: Map<string, DraftPackage>,
): void => {
  if (order.has(printPackageName(root.name))) return;
  const visiting = new Set<string>();
  const stack = [frame(root)];
  for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
    visiting.delete(top.at);
    const needed = top.left.pop();
    if (needed === undefined) {
      order.set(top.name, top.draft);
      stack.pop();
      continue;
    }
    const { name, span } = needed;
    if (visiting.has(name)) fail(span, `package \`${name}\` creates a dependency cycle`);
    visiting.add(name);
    top.at = name;
    const draft = packages.get(name);
    if (draft !== undefined && !order.has(name)) stack.push(frame(draft));
  }
};

const frame = (draft: DraftPackage): Frame => ({
  name: printPackageName(draft.name),
  draft,
  left: Array.from(draft.foreign, ([name, { span }]) => ({ name, span })).reverse(),
  at: '',
});
