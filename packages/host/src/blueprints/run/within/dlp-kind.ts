// `use = "dlp"` of a blueprint, where the guard's own table of policies does not have it.
import { defineKind, dlp, type PolicyKind } from '../guard-policies.ts';

export const DLP_KIND: PolicyKind = defineKind({
  name: 'dlp',
  read(fields, match) {
    const detect = fields.texts('detect');
    const action = fields.oneOf('action', ['block', 'redact', 'approve']);
    const on = fields.oneOf('on', ['args', 'reply', 'both']);
    const capabilities = fields.flag('capabilities');
    const approvers = fields.texts('approvers');
    const ttl = fields.number('ttl_seconds', 1);
    const wait = fields.number('wait_seconds', 0);
    fields.require('detect', 'action');
    if (detect === undefined || action === undefined) return undefined;
    return {
      ...match,
      detect,
      action,
      ...(on === undefined ? {} : { on }),
      ...(capabilities === undefined ? {} : { capabilities }),
      ...(approvers === undefined ? {} : { approvers }),
      ...(ttl === undefined ? {} : { ttl_seconds: ttl }),
      ...(wait === undefined ? {} : { wait_seconds: wait }),
    };
  },
  make: ([item], { now, ask }) => dlp(item as NonNullable<typeof item>, { now, ask }),
});
