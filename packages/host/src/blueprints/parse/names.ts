// Names in blueprints: of components, steps and what a skill is called here.

const NAME = /^[A-Za-z][A-Za-z0-9_]*(?:-[A-Za-z0-9_]+)*$/;
const LONGEST = 64;

/** Whether a text can be the name of a component or the id of a step. Templates can name it as it is. */
export function isName(text: string): boolean {
  return text.length <= LONGEST && NAME.test(text);
}

export const NAME_RULE = 'letters, digits, "_" and single "-", beginning with a letter, at most 64 characters';

/**
 * What a skill's component is called where nothing else is said: the last part of where it comes from.
 *
 * @example
 * nameOfSkill('remote:acme:email-sender@^1'); // 'email-sender'
 */
export function nameOfSkill(source: string): string {
  const withoutVersion = source.replace(/(?<=.)@[^/@]*$/, '');
  const last = withoutVersion.split(/[:/]/).findLast((part) => part !== '') ?? '';
  const oci = source.startsWith('oci://') ? (withoutVersion.split('/').at(-1) ?? '').replace(/:.*$/, '') : last;
  return oci.replace(/\.(?:wasm|skill)$/, '');
}

/** `component.name` in two; the name may have dots of its own. */
export function splitName(text: string): readonly [component: string, name: string | undefined] {
  const dot = text.indexOf('.');
  return dot === -1 ? [text, undefined] : [text.slice(0, dot), text.slice(dot + 1)];
}
