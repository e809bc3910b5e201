/** Symbols: interned names, so that comparing two is comparing references. */

/** A name as a value, made by {@link symbol} only. */
export class LispySymbol {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
}

const interned = new Map<string, WeakRef<LispySymbol>>();
const released = new FinalizationRegistry<string>((name) => {
  if (interned.get(name)?.deref() === undefined) interned.delete(name);
});

/** The one symbol of that name. Unused symbols are collected, so a program cannot fill the table. */
export const symbol = (name: string): LispySymbol => {
  const known = interned.get(name)?.deref();
  if (known) return known;
  const made = new LispySymbol(name);
  interned.set(name, new WeakRef(made));
  released.register(made, name);
  return made;
};
