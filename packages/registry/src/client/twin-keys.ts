// Refuses metadata that lists one key under two ids: tuf-js counts ids, so one holder could meet a threshold of two.
import { isJsonObject } from '@pypes/contract';
import { fault } from '../faults.ts';

/** @throws PypesError with the reason `threshold_not_met` */
export function refuseTwinKeys(bytes: Buffer): void {
  let json: unknown;
  try {
    json = JSON.parse(bytes.toString('utf8'));
  } catch {
    return; // tuf-js says what is wrong with it.
  }
  const signed = isJsonObject(json) ? json.signed : undefined;
  if (!isJsonObject(signed)) return;
  for (const keys of [signed.keys, isJsonObject(signed.delegations) ? signed.delegations.keys : undefined]) {
    if (!isJsonObject(keys)) continue;
    const values = Object.values(keys).map((key) => JSON.stringify(isJsonObject(key) ? key.keyval : key).toLowerCase());
    if (new Set(values).size === values.length) continue;
    throw fault(
      'threshold_not_met',
      'The registry lists one key under two ids, so that its holder would count twice; it is refused',
    );
  }
}
