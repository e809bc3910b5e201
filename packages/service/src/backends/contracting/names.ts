// Names of components, out of names of skills and files: each one once.

const LONGEST = 60;

/** Gives each thing a name that a component can have. */
export function createNames(): (wanted: string) => string {
  const used = new Set<string>();
  return (wanted) => {
    const base = toName(wanted);
    let name = base;
    for (let count = 2; used.has(name); count++) name = `${base}-${count}`;
    used.add(name);
    return name;
  };
}

/** `acme:email_sender` → `email_sender`. */
function toName(text: string): string {
  const last = text.split(/[:/\\]/).findLast((part) => part !== '') ?? '';
  const clean = last
    .replace(/[^A-Za-z0-9_]+/g, '-')
    .replace(/^[^A-Za-z]+/, '')
    .slice(0, LONGEST)
    .replace(/-+$/, '');
  return clean === '' ? 'component' : clean;
}
