// What the checks of a call cost beside the call itself, all in one thread.
import type { JsonObject } from '@pypes/contract';
import { readArguments } from '../../packages/runtimes/src/threads/guest/language.ts';
import { toOutput } from '../../packages/runtimes/src/threads/guest/output.ts';
import { toPayload } from '../../packages/runtimes/src/threads/pool/payload.ts';
import type { Row } from '../rows.ts';
import { ratio } from './ratio.ts';
import { createGuarded, createRaw, createTyped } from './same-thread.ts';
import { repeat, repeatOver, timeInTurn } from './timing.ts';
import type { TranspiledSkill } from './transpiled.ts';
import { SAMPLES } from './values.ts';

const MOST = 2;

/** For each kind of value: guarded over raw, and what of raw is the transpiler's own. */
export async function measureGuard(skill: TranspiledSkill): Promise<readonly Row[]> {
  const raw = await createRaw(skill.leanGlue, skill.attachment);
  const plain = await createRaw(skill.plainGlue, skill.attachment);
  const typed = await createTyped(skill);
  const guarded = await createGuarded(skill);
  const empty = await createEmpty(skill);
  const rows: Row[] = [];
  for (const { name, agent, args, given } of SAMPLES) {
    const [callRaw, callPlain, callTyped, callGuarded] = [raw(agent), plain(agent), typed(agent), guarded(agent)];
    const payload = toPayload(args);
    const fresh = (): JsonObject => structuredClone(args);
    const times = await timeInTurn({
      raw: repeat(() => callRaw(...given)),
      plain: repeat(() => callPlain(...given)),
      typed: repeat(() => callTyped(...given)),
      guarded: repeatOver(fresh, callGuarded),
      text: repeatOver(
        () => (typeof payload === 'string' ? payload : fresh()),
        (sent) => toOutput(callGuarded(readArguments(sent) as JsonObject)),
      ),
      json: repeatOver(
        () => args,
        (value) => JSON.parse(JSON.stringify(value)),
      ),
      empty: repeat(empty),
    });
    rows.push(
      ratio(`${name}: guarded, JSON to JSON / raw`, times.guarded, times.raw, { most: MOST }),
      ratio(`${name}: guarded, typed / raw`, times.typed, times.raw, { most: MOST }),
      ratio(`${name}: guarded, JSON to JSON / raw as the transpiler writes it`, times.guarded, times.plain),
      ratio(`${name}: guarded, JSON text to JSON text as a thread / raw`, times.text, times.raw),
      ratio(`${name}: JSON.stringify and JSON.parse alone / raw`, times.json, times.raw),
      ratio(`${name}: raw / an export that does nothing`, times.raw, times.empty),
    );
  }
  return rows;
}

/** What entering WebAssembly costs: `move` of the core module, whose only work is to add and to store. */
async function createEmpty({ attachment }: TranspiledSkill): Promise<() => unknown> {
  for (const module of Object.values(attachment.modules)) {
    const { exports } = await WebAssembly.instantiate(module);
    const move = Object.entries(exports).find(([name]) => name.endsWith('#move'))?.[1];
    if (move instanceof Function) return () => move(1, 2);
  }
  throw new Error('The measured component has no core function of this name');
}
