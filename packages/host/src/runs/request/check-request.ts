// What a request for a run may be: everything that is wrong with it is said at once.
import {
  fitsJsonSize,
  isJsonObject,
  type Json,
  type JsonObject,
  jsonSize,
  type Limits,
  PypesError,
  toGuid,
} from '@pypes/contract';
import type { RunRequest } from '@pypes/contract/runs';

const TARGETS = ['agent', 'blueprint', 'agreement'] as const;
const KEYS: readonly string[] = [...TARGETS, 'pack', 'input', 'context', 'metadata', 'mode'];
const LONGEST_NAME = 300;
const METADATA_BYTES = 64 * 1024;

/**
 * The request, without anything else in it.
 *
 * @throws PypesError `invalid_request` (details `{errors: [{path, message}]}`), `too_large`
 */
export function checkRequest(request: Json, { argumentBytes }: Pick<Limits, 'argumentBytes'>): RunRequest {
  if (!isJsonObject(request)) throw invalid([{ path: '', message: 'must be a JSON object' }]);
  const errors = [
    ...Object.keys(request)
      .filter((key) => !KEYS.includes(key))
      .map((key) => ({ path: `/${key}`, message: `is not known; a run has ${KEYS.join(', ')}` })),
    ...checkNames(request),
    ...checkTarget(request),
    ...checkParts(request),
  ];
  if (errors.length > 0) throw invalid(errors);
  const { input = {}, context, metadata, mode } = request;
  checkSize('input', input, argumentBytes);
  if (metadata !== undefined) checkSize('metadata', metadata, METADATA_BYTES);
  return {
    ...textIn(request, 'agent'),
    ...textIn(request, 'pack'),
    ...textIn(request, 'blueprint'),
    ...textIn(request, 'agreement'),
    input: input as JsonObject,
    ...(context === undefined ? {} : { context: context as { readonly user_guid?: string } }),
    ...(metadata === undefined ? {} : { metadata: metadata as JsonObject }),
    ...(mode === undefined ? {} : { mode: mode as 'normal' | 'deterministic' }),
  };
}

type Fault = { readonly path: string; readonly message: string };

function checkNames(request: JsonObject): readonly Fault[] {
  return [...TARGETS, 'pack'].flatMap((key) => {
    const value = request[key];
    if (value === undefined) return [];
    const isName = typeof value === 'string' && value !== '' && value.length <= LONGEST_NAME;
    return isName ? [] : [{ path: `/${key}`, message: `must be a text of 1 to ${LONGEST_NAME} characters` }];
  });
}

function checkTarget(request: JsonObject): readonly Fault[] {
  const named = TARGETS.filter((key) => request[key] !== undefined);
  if (named.length !== 1) {
    const got = named.length === 0 ? 'none of them' : named.join(' and ');
    return [{ path: '', message: `must name exactly one of ${TARGETS.join(', ')}, it has ${got}` }];
  }
  return request.pack === undefined || request.agent !== undefined
    ? []
    : [{ path: '/pack', message: 'goes with agent alone' }];
}

function checkParts({ input = {}, context = {}, metadata = {}, mode = 'normal' }: JsonObject): readonly Fault[] {
  const faults: Fault[] = [];
  if (!isJsonObject(input)) faults.push({ path: '/input', message: 'must be a JSON object' });
  if (!isJsonObject(metadata)) faults.push({ path: '/metadata', message: 'must be a JSON object' });
  if (mode !== 'normal' && mode !== 'deterministic') {
    faults.push({ path: '/mode', message: 'must be "normal" or "deterministic"' });
  }
  if (!isJsonObject(context)) faults.push({ path: '/context', message: 'must be a JSON object' });
  else {
    const { user_guid: user, ...rest } = context;
    if (user !== undefined && (typeof user !== 'string' || toGuid(user) === undefined)) {
      faults.push({ path: '/context/user_guid', message: 'must be a UUID' });
    }
    for (const key of Object.keys(rest)) {
      faults.push({ path: `/context/${key}`, message: 'is not known; a context has user_guid' });
    }
  }
  return faults;
}

function checkSize(what: string, value: Json, maximum: number): void {
  if (fitsJsonSize(value, maximum)) return;
  throw new PypesError('too_large', `The ${what} has ${sizeOf(value)}, at most ${maximum} bytes are taken`, {
    details: { limit: `${what}_bytes`, maximum },
  });
}

/** What is nested too deep may be too deep to be written. */
function sizeOf(value: Json): string {
  try {
    return `${jsonSize(value)} bytes`;
  } catch {
    return 'too many levels';
  }
}

function textIn(request: JsonObject, key: string): { readonly [key: string]: string } {
  const value = request[key];
  return typeof value === 'string' ? { [key]: value } : {};
}

function invalid(errors: readonly Fault[]): PypesError {
  const said = errors.map(({ path, message }) => `${path === '' ? 'The request' : path} ${message}`).join('; ');
  return new PypesError('invalid_request', said.slice(0, 2_000), { details: { errors } });
}
