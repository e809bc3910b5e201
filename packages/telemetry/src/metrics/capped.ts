// Names as labels of metrics: so many of them, then all others are one. Who chooses names must not choose how many.

/** A set of names with a bound. */
export type Capped = (name: string) => string;

const LONGEST = 64;
const OTHERS = 'other';

/** The first `most` names as they are, but for their end where they are long; every further one is `other`. */
export function createCapped(most: number): Capped {
  const known = new Set<string>();
  return (given) => {
    const name = given.slice(0, LONGEST).toWellFormed();
    if (known.has(name)) return name;
    if (known.size >= most) return OTHERS;
    known.add(name);
    return name;
  };
}
