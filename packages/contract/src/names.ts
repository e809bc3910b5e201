// Agent names: any text on the wire, and for each one alias that models and MCP clients accept (spec 1).

const TOOL_SAFE = /^[a-zA-Z0-9_-]{1,64}$/;
const LONGEST_ALIAS = 64;

/** Tells whether a name can be used as a tool name as it stands. */
export function isToolSafe(name: string): boolean {
  return TOOL_SAFE.test(name);
}

/**
 * Gives every name its tool-safe alias, unique among all of them; tool-safe names keep themselves.
 *
 * @example
 * toToolAliases(['echo', '@ann/my tool']); // Map { 'echo' → 'echo', '@ann/my tool' → 'ann_my_tool' }
 */
export function toToolAliases(names: Iterable<string>): ReadonlyMap<string, string> {
  const sorted = [...new Set(names)].sort();
  const taken = new Set(sorted.filter(isToolSafe));
  return new Map(sorted.map((name) => [name, isToolSafe(name) ? name : claimAlias(name, taken)]));
}

function claimAlias(name: string, taken: Set<string>): string {
  const stem =
    name
      .replace(/[^a-zA-Z0-9_-]+/g, '_')
      .replace(/^_+|_+$/g, '')
      .slice(0, LONGEST_ALIAS) || 'agent';
  let alias = stem;
  for (let n = 2; taken.has(alias); n++) alias = `${stem.slice(0, LONGEST_ALIAS - 1 - String(n).length)}_${n}`;
  taken.add(alias);
  return alias;
}
