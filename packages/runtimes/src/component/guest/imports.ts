// What a component imports, as objects for its glue: everything goes to the host as a request, checked both ways.
import { compileFunction, interfaceName, toCamelCase } from '@pypes/wit/values';
import type { AgentSource } from '../../threads/wire/messages.ts';
import type { ComponentAttachment } from '../attachment.ts';
import { askHost } from './host.ts';
import { type Ask, type CurrentCall, type ImportFunction, importFunction, inCall } from './import-function.ts';
import { toPascalCase } from './names.ts';
import type { RemoteResources } from './remote-resource.ts';
import { createWasi } from './wasi/wasi.ts';

export function createImports(
  skill: ComponentAttachment,
  source: AgentSource,
  current: CurrentCall,
  remote: RemoteResources,
): object {
  const wasi = createWasi(current, source);
  const imports: { [name: string]: object } = {};
  for (const { name, kind } of skill.imports) {
    if (kind === 'wasi') imports[name] = wasi(name);
    else if (kind === 'function') imports[name] = { default: importWorldFunction(skill, name, current, remote) };
    else if (kind === 'host') imports[name] = importInterface(skill, name, askHost(current, name), remote);
    else imports[name] = importInterface(skill, name, askAgent(current, name), remote);
  }
  return imports;
}

function importWorldFunction(
  { resolved, world }: ComponentAttachment,
  name: string,
  current: CurrentCall,
  remote: RemoteResources,
): ImportFunction {
  const item = resolved.worlds[world]?.imports[name];
  if (item === undefined || !('function' in item)) throw new Error(`The component has no import ${name}`);
  const codec = compileFunction(resolved, item.function, { handles: remote });
  return importFunction(codec, item.function, (agent, args) => askCall(current, agent, args), remote);
}

function importInterface(
  { resolved, world }: ComponentAttachment,
  name: string,
  ask: Ask,
  remote: RemoteResources,
): object {
  const ids = Object.values(resolved.worlds[world]?.imports ?? {}).flatMap((item) =>
    'interface' in item ? [item.interface.id] : [],
  );
  const id = ids.find((each) => interfaceName(resolved, { interface: each }) === name);
  const { types = {}, functions = {} } = resolved.interfaces[id ?? -1] ?? {};
  const members: { [name: string]: unknown } = {};
  for (const [type, at] of Object.entries(types)) {
    if (resolved.types[at]?.kind !== 'resource') continue;
    members[toPascalCase(type)] = remote.define(name, type, Object.values(functions), ask);
  }
  for (const called of Object.values(functions)) {
    if (called.name.startsWith('[')) continue;
    const codec = compileFunction(resolved, called, { handles: remote });
    members[toCamelCase(called.name)] = importFunction(codec, called, ask, remote);
  }
  return members;
}

/** Another agent of the pack, by the name that its WIT gives it. */
function askAgent(current: CurrentCall, name: string): Ask {
  return (called, args) => askCall(current, `${name}#${called}`, args);
}

async function askCall(
  current: CurrentCall,
  agent: string,
  args: { readonly [name: string]: unknown },
): Promise<unknown> {
  const { invocation, tools } = inCall(current);
  return tools.requests.ask(invocation.call, 'call', [agent, args]);
}
