// AGENT of a core module, read from its bytes: a custom section, or the text in its data that an exported global points to.
import { type AgentMetadata, isTooDeep, type Json, MOST_JSON_DEPTH, parseAgentMetadata } from '@pypes/contract';
import { AGENT_EXPORT, AGENT_SECTION } from '../abi.ts';
import { CoreModuleError } from './errors.ts';
import type { CoreModule } from './module.ts';
import { suggest } from './suggest.ts';

/** Bytes of metadata, at most. */
const MOST_BYTES = 65_536;

/**
 * The metadata of a module; nothing of it runs.
 *
 * @throws CoreModuleError, PypesError `agent_broken` where there is none, two, or one that cannot be read
 */
export function readAgent(module: CoreModule): AgentMetadata {
  const value = parse(findText(module));
  if (isTooDeep(value)) throw new CoreModuleError(`AGENT is nested deeper than ${MOST_JSON_DEPTH} levels`);
  return parseAgentMetadata(value);
}

function findText(module: CoreModule): Uint8Array {
  const [section, ...further] = module.agents;
  const exported = module.exports.find(({ name }) => name === AGENT_EXPORT);
  if (further.length > 0 || (section !== undefined && exported !== undefined)) {
    const how = exported === undefined ? '' : ` and an export "${AGENT_EXPORT}"`;
    const sections = module.agents.length === 1 ? 'a section' : `${module.agents.length} sections`;
    throw new CoreModuleError(`The module has ${sections} "${AGENT_SECTION}"${how}; keep one of them`);
  }
  if (section !== undefined) {
    if (section.length > MOST_BYTES) throw tooLong(`${section.length} bytes`);
    return section;
  }
  if (exported !== undefined) return readPointed(module, toAddress(module, exported));
  const meant = suggest(
    AGENT_EXPORT,
    module.exports.map(({ name }) => name),
  );
  throw new CoreModuleError(
    `The module has no AGENT: export a global "${AGENT_EXPORT}" that points to its JSON, or add a custom section "${AGENT_SECTION}"${meant}`,
  );
}

function toAddress(module: CoreModule, { kind, index }: CoreModule['exports'][number]): number {
  const global = kind === 'global' ? module.global(index) : undefined;
  if (global?.type === 'i32' && !global.isMutable && global.value !== undefined) return global.value;
  const found =
    kind !== 'global' ? `a ${kind}` : global?.isMutable === true ? 'a global that changes' : 'a global of another kind';
  const why = 'metadata is read without running the module';
  throw new CoreModuleError(
    `"${AGENT_EXPORT}" is ${found}; ${why}, so it has to be a constant i32 global with the address of a text in the data, or a custom section "${AGENT_SECTION}"`,
  );
}

/** The bytes from an address up to the next zero byte, as they are when the module is instantiated. */
function readPointed({ data }: CoreModule, address: number): Uint8Array {
  const window = new Uint8Array(MOST_BYTES + 1);
  let isThere = false;
  for (const { at, bytes } of data) {
    if (at === undefined) {
      throw new CoreModuleError(
        `The data of the module has no fixed place, so "${AGENT_EXPORT}" cannot be read without running it; use a custom section "${AGENT_SECTION}"`,
      );
    }
    const from = Math.max(at, address);
    const to = Math.min(at + bytes.length, address + window.length);
    if (from >= to) continue;
    isThere ||= at <= address;
    window.set(bytes.subarray(from - at, to - at), from - address);
  }
  if (!isThere) throw new CoreModuleError(`"${AGENT_EXPORT}" points to ${address}, where the module has no data`);
  const end = window.indexOf(0);
  if (end < 0) throw tooLong(`no zero byte at its end within ${MOST_BYTES} bytes`);
  return window.subarray(0, end);
}

function tooLong(what: string): CoreModuleError {
  return new CoreModuleError(`AGENT has ${what}; at most ${MOST_BYTES} bytes are read`);
}

function parse(bytes: Uint8Array): Json {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new CoreModuleError('AGENT is no UTF-8 text');
  }
  try {
    return JSON.parse(text) as Json;
  } catch (error) {
    throw new CoreModuleError(`AGENT is no JSON: ${(error as Error).message}`);
  }
}
