// From a verified skill to its functions on the page: its types, its code, and a form for each.
import type { Skill } from '../registry/open-skill.ts';
import { functionCard } from '../view/form.ts';
import { createGuest, transpile } from './run.ts';
import { readTypes } from './types.ts';

/** @throws Error where the component is not what it says, or cannot be run here */
export async function startSkill({ component, wit, world }: Skill): Promise<readonly HTMLElement[]> {
  const types = readTypes(component, wit, world);
  const guest = createGuest(await transpile(component), types);
  return types.functions.map((each) => functionCard(each, guest));
}
