// A host whose components are functions of the test, and blueprints that run on it.
import type { JsonObject, Policy } from '@pypes/contract';
import type { AuditRecord } from '@pypes/guard';
import { createAjvCompiler } from '@pypes/schemas/ajv';
import { createMemoryMemoryStore, createMemoryPackStore } from '@pypes/stores/memory';
import { createHost } from '../../../host.ts';
import type { Pack } from '../../../packs/pack.ts';
import { type Behaviour, createFakeRuntime, fake } from '../../../testing/fake.ts';
import type { ComponentFacts } from '../../facts.ts';
import type { StepEvent } from '../engine/events.ts';
import { loadBlueprint } from '../load-blueprint.ts';
import { type BlueprintRun, runBlueprint } from '../run-blueprint.ts';

/** A component of the test: what its functions do, and what is known of it. */
export type TestComponent = Partial<ComponentFacts> & { readonly does: { readonly [functionName: string]: Behaviour } };

/** Runs the text of a blueprint over components of the test; each is a pack of its own, and a skill. */
export async function machineOf(
  components: { readonly [name: string]: TestComponent },
  options: { readonly policies?: readonly Policy[] } = {},
) {
  const behaviours: { [name: string]: Behaviour } = {};
  const records: AuditRecord[] = [];
  const memory = createMemoryMemoryStore();
  const schemas = createAjvCompiler();
  for (const [name, { does }] of Object.entries(components)) {
    for (const [called, behaviour] of Object.entries(does)) behaviours[`${name}.${called}`] = behaviour;
  }
  const host = createHost({
    runtimes: [createFakeRuntime(behaviours).runtime],
    schemas,
    packs: createMemoryPackStore(),
    memory,
    policies: options.policies ?? [],
    audit: { write: (record) => records.push(record) },
  });
  const packs = new Map<string, Pack>();
  for (const [name, { does, functions = {} }] of Object.entries(components)) {
    const agents = Object.keys(does).map((called) => ({
      name: called,
      does: `${name}.${called}`,
      ...(functions[called]?.parameters === undefined ? {} : { parameters: functions[called].parameters }),
      ...(functions[called]?.returns === undefined ? {} : { returns: functions[called].returns }),
    }));
    const bundle = { schema: 'pack/1.0', name, agents: [{ filename: `${name}.fake`, source: fake(...agents) }] };
    const { packGuid } = await host.deploy(bundle);
    packs.set(name, (await host.get(packGuid)) as Pack);
  }
  const facts = ({ name }: { readonly name: string }): ComponentFacts | undefined => {
    const found = components[name];
    if (found === undefined) return undefined;
    const { does, functions = {}, ...rest } = found;
    return {
      ...rest,
      functions: Object.fromEntries(Object.keys(does).map((called) => [called, functions[called] ?? {}])),
    };
  };
  const asked: string[] = [];
  const steps: StepEvent[] = [];

  /** `whole`: the text is a blueprint as it is. */
  async function run(text: string, input: JsonObject = {}, more: Partial<BlueprintRun> = {}, form?: 'whole') {
    const skills = Object.keys(components)
      .map((name) => `${name} = { skill = "remote:${name}" }`)
      .join('\n');
    const head = text.includes('[components]') ? '' : `[components]\n${skills}\n`;
    const blueprint = await loadBlueprint(
      form === 'whole' ? text : `[blueprint]\nname = "test"\n${head}${text}`,
      'agent.toml',
    );
    return runBlueprint(host, {
      blueprint,
      facts,
      packs,
      guid: '00000000-0000-4000-8000-000000000001',
      run: 'run-1',
      input,
      from: 'test',
      policies: {
        schemas,
        now: () => 0,
        readSchema: () => ({ type: 'number' }),
        createAsk: () => async (call) => {
          asked.push(`${call.from} → ${call.to}`);
        },
      },
      onStep: (event) => steps.push(event),
      now: () => 0,
      sleep: async () => undefined,
      ...more,
    });
  }

  return { run, host, records, memory, packs, asked, steps };
}
