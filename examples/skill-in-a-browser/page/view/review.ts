// What a person reads of a skill before a yes, and afterwards: what it is, who vouches for it, what it asks for.
import type { Skill } from '../registry/open-skill.ts';
import { element } from './element.ts';

export type Review = {
  readonly name: string;
  readonly version: string;
  readonly skill: Skill;
  readonly digest: string;
  readonly role: string;
  readonly signers: readonly string[];
  /** How it was verified, and until when the registry's word is fresh. */
  readonly verified: string;
};

export function reviewCard({ name, version, skill, digest, role, signers, verified }: Review): HTMLElement {
  const asked = Object.keys(skill.permissions);
  const rows: readonly (readonly [string, HTMLElement | string])[] = [
    ['Digest', element('code', { id: 'digest' }, digest)],
    ['Signed by', element('code', { id: 'signers' }, signers.join(', '))],
    ['Speaks for it', role === 'targets' ? 'the registry itself' : `the owners of the namespace “${role}”`],
    ['Verified', verified],
    ['Licence', skill.license],
    ['Asks for', asked.length === 0 ? 'nothing: it computes on its arguments alone' : asked.join(', ')],
    ['Runs in', 'a worker of its own, which grants it nothing and may send no request'],
  ];
  return element(
    'header',
    { class: 'card' },
    element(
      'h1',
      {},
      name,
      ' ',
      element('span', { class: 'badge' }, version),
      ' ',
      element('span', { class: 'ok' }, '✓ verified'),
    ),
    element('p', { class: 'lead' }, skill.description),
    element('dl', {}, ...rows.flatMap(([term, about]) => [element('dt', {}, term), element('dd', {}, about)])),
  );
}

export function refusalCard(reason: string, message: string): HTMLElement {
  return element(
    'section',
    { class: 'card refusal', id: 'refused' },
    element('h1', {}, 'Refused: ', element('span', { id: 'reason' }, reason)),
    element('p', {}, message),
    element('p', {}, 'Nothing of it was loaded.'),
  );
}
