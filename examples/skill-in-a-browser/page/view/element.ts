// Elements out of texts: what a registry says is a stranger's, so nothing here is ever read as HTML.

/** An element with attributes and children; texts become text nodes. */
export function element<T extends keyof HTMLElementTagNameMap>(
  tag: T,
  attributes: { readonly [name: string]: string } = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[T] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

/** A schema or value behind a word that opens it. */
export function folded(title: string, value: unknown): HTMLElement {
  return element('details', {}, element('summary', {}, title), element('pre', {}, JSON.stringify(value, undefined, 2)));
}
