// One event of a run on one line, for people.
import { isJsonObject, type Json } from '@pypes/contract';
import type { RunEvent } from '@pypes/contract/runs';
import { style } from '../style.ts';

/** What everybody wants to see; the rest is for those who follow a run event by event. */
const USUAL = /^(log|progress|approval\.|policy\.|tool\.call\.blocked|run\.(failed|canceled)|eval\.)/;

/** The line; undefined for what only `everything` shows. */
export function toEventLine({ event_type: type, severity, attrs }: RunEvent, everything: boolean): string | undefined {
  if (!everything && !USUAL.test(type)) return undefined;
  const text = `${textOf(type, attrs)}`;
  if (severity === 'error') return style('red', text);
  return severity === 'warn' ? style('yellow', text) : style('dim', text);
}

function textOf(type: string, attrs: RunEvent['attrs']): string {
  const { agent, message, data, fraction, tool, error, step } = attrs;
  const who = step === undefined ? '' : `${show(step)}: `;
  if (type === 'log') return `[${show(agent ?? 'run')}] ${show(message)}${data === undefined ? '' : ` ${show(data)}`}`;
  if (type === 'progress') {
    return `[${show(agent)}] ${Math.round(Number(fraction) * 100)} %${message === undefined ? '' : ` ${show(message)}`}`;
  }
  const failure = isJsonObject(error) ? ` ${show(error.type)}: ${show(error.message)}` : '';
  const waiting = type === 'approval.requested' ? `; pypes approvals grant ${show(attrs.approval)}` : '';
  return `${who}${type}${tool === undefined ? '' : ` ${show(tool)}`}${failure}${waiting}`;
}

function show(value: Json | undefined): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? null);
}
