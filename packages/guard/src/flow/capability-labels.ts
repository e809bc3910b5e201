// The flow of what `context` offers, for the labels policy: which operations read what, and which lead out.
import type { CapabilityOperation } from '@pypes/contract';
import type { ToolLabels } from './labels.ts';

const NOTHING: ToolLabels = { reads: [], sends: ['none'] };
/** Stored data comes back with the labels that it was stored with. */
const STORED: ToolLabels = NOTHING;

/**
 * By operation. Memory and objects are no sinks: labels are stored with the data. Nor is the gateway to models: the
 * operator chose where it leads, and answers carry what was asked. Where it leads to strangers, `about` says
 * `{reads: [], sends: ['network'], destinations: ['/model']}` for it instead.
 */
export const CAPABILITY_LABELS: { readonly [O in CapabilityOperation]: ToolLabels } = {
  'memory.get': STORED,
  'memory.set': STORED,
  'memory.delete': STORED,
  'memory.list': STORED,
  'objects.put': STORED,
  'objects.get': STORED,
  'objects.list': STORED,
  'objects.delete': STORED,
  'vault.get': { reads: ['private'], sends: ['none'] },
  'ai.complete': NOTHING,
  fetch: { reads: ['untrusted'], sends: ['network'], destinations: ['/url'] },
  'session.read': STORED,
  'session.write': STORED,
  'session.list': STORED,
  'session.delete': STORED,
  'session.goto': { reads: ['untrusted'], sends: ['network'], destinations: ['/url'] },
  'session.click': { reads: ['untrusted'], sends: ['write'] },
  'session.fill': { reads: ['untrusted'], sends: ['network'], destinations: ['/selector'] },
  'session.text': { reads: ['untrusted'], sends: ['none'] },
  'session.screenshot': { reads: ['untrusted'], sends: ['none'] },
};
