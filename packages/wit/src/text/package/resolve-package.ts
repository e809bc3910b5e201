// One package by itself: what its files mean together, with placeholders for other packages.
import type { Docs } from '../../resolved.ts';
import type { DraftPackage, PackageName } from '../draft.ts';
import { fail, WitError } from '../errors.ts';
import { spanOfComments, toDocs } from '../grammar/docs.ts';
import { printPackageName, toPackageName } from '../package-names.ts';
import type { Span } from '../source.ts';
import type { PackageFile, TopItem } from '../syntax.ts';
import { declareForeignItems, declareForeignTypes } from './foreign.ts';
import { resolveInterface } from './interfaces.ts';
import { declareItems } from './items.ts';
import { createState } from './state.ts';
import { resolveWorld } from './worlds.ts';

/** A package whose files are still coming in. */
export type OpenPackage = {
  identity: { readonly name: PackageName; readonly span: Span } | undefined;
  docs: Docs | undefined;
  readonly files: (readonly TopItem[])[];
};

export const openPackage = (): OpenPackage => ({ identity: undefined, docs: undefined, files: [] });

/** Adds a file. All that name the package have to name the same, and one alone may document it. */
export const addFile = (target: OpenPackage, { id, comments, items }: PackageFile): void => {
  if (id !== undefined) {
    const name = toPackageName(id);
    const [text, known] = [printPackageName(name), target.identity && printPackageName(target.identity.name)];
    if (known !== undefined && text !== known) {
      fail(id.span, `package identifier \`${text}\` does not match previous package name of \`${known}\``);
    }
    target.identity = { name, span: id.span };
    const docs = toDocs(comments);
    if (docs !== undefined && target.docs !== undefined) {
      fail(spanOfComments(comments), "found doc comments on multiple 'package' items");
    }
    target.docs = docs ?? target.docs;
  }
  for (const item of items) {
    if (item.kind === 'package') fail(item.package.id?.span, 'nested packages must be placed at the top-level');
  }
  target.files.push(items);
};

/** Resolves the package as far as it goes without the others. */
export const resolvePackage = ({ identity, docs, files }: OpenPackage): DraftPackage => {
  if (identity === undefined) throw new WitError('no `package` header was found in any WIT file for this package');
  const state = createState();
  declareForeignItems(state, files);
  const { interfaces, worlds } = declareItems(state, files);
  declareForeignTypes(state, files);
  for (const { id, file, node } of interfaces) resolveInterface(state, id, file, node, node.items);
  for (const { id, file, node } of worlds) resolveWorld(state, id, file, node);
  return { ...identity, docs, ...state };
};
