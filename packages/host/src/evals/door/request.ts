// The body of `POST /v1/eval`, and what its references stand for.
import { isJsonObject, type Json, PypesError } from '@pypes/contract';
import type { EvalRequest } from '@pypes/contract/runs';
import { suggestion } from '../../blueprints/did-you-mean.ts';
import type { Target } from '../suite/suite.ts';

const TEXTS = ['suite_ref', 'run_id', 'config_ref'] as const;
const NUMBERS = ['parallel', 'repeat'] as const;
const KEYS: readonly string[] = [...TEXTS, ...NUMBERS, 'suite', 'baseline'];

/**
 * A body with one of suite and suite_ref, and at most one of run_id and config_ref.
 *
 * @throws PypesError `invalid_request`
 */
export function parseEvalRequest(body: Json): EvalRequest {
  if (!isJsonObject(body)) throw refusal('The body has to be a JSON object');
  for (const key of Object.keys(body)) {
    if (!KEYS.includes(key)) throw refusal(`The body has no key "${key}"${suggestion(key, KEYS)}`);
  }
  for (const key of TEXTS) {
    const value = body[key];
    if (value !== undefined && (typeof value !== 'string' || value === '')) throw refusal(`"${key}" takes a text`);
  }
  for (const key of NUMBERS) {
    if (body[key] !== undefined && typeof body[key] !== 'number') throw refusal(`"${key}" takes a whole number`);
  }
  const request: EvalRequest = body;
  if ((request.suite === undefined) === (request.suite_ref === undefined)) {
    throw refusal('The body has either "suite" or "suite_ref"');
  }
  if (request.run_id !== undefined && request.config_ref !== undefined) {
    throw refusal('"run_id" scores what a run came to, "config_ref" runs the cases: the body has one of them');
  }
  if (request.run_id !== undefined && request.repeat !== undefined) {
    throw refusal('A run that has ended cannot be repeated; leave "repeat" out, or give a "config_ref"');
  }
  return request;
}

const NAME = /^[\w-][\w.-]{0,99}$/;
const MOST_PARTS = 8;

/**
 * The files that a suite's name may stand for, below the folder of suites.
 *
 * @throws PypesError `invalid_request` for a name that leads anywhere else
 */
export function pathsOfSuite(ref: string): readonly string[] {
  const parts = ref.split('/');
  if (parts.length > MOST_PARTS || !parts.every((part) => NAME.test(part))) {
    throw refusal(`"${ref.slice(0, 200)}" is no name of a suite; it is made of letters, digits, "_", "-", "." and "/"`);
  }
  return /\.(?:ya?ml|json)$/i.test(ref) ? [ref] : ['.yaml', '.yml', '.json'].map((ending) => `${ref}${ending}`);
}

/**
 * What a `config_ref` names: `NAME` or `agent:NAME`, `agent:PACK/NAME`, `blueprint:NAME`, `agreement:NAME`.
 *
 * @throws PypesError `invalid_request`
 */
export function parseTarget(ref: string): Target {
  const [, kind = 'agent', pack, name = ''] = /^(?:([a-z]+):)?(?:([^/:\s]+)\/)?([^/:\s]+)$/.exec(ref) ?? [];
  if (name !== '' && kind === 'agent') return pack === undefined ? { agent: name } : { agent: name, pack };
  if (name !== '' && pack === undefined && kind === 'blueprint') return { blueprint: name };
  if (name !== '' && pack === undefined && kind === 'agreement') return { agreement: name };
  throw refusal(
    `"${ref.slice(0, 200)}" names nothing that runs; write agent:NAME, agent:PACK/NAME, blueprint:NAME or agreement:NAME`,
  );
}

function refusal(message: string): PypesError {
  return new PypesError('invalid_request', message);
}
