// The list of packs, as those who change packs and those who list them see it.
import type { PackSummary } from '@pypes/contract';

/**
 * Which packs there are. Whoever changes a pack announces it first: what is announced and not settled is looked at
 * again by whoever lists, so that no crash leaves the list wrong for good.
 */
export interface Directory {
  /** True for every pack that there is; also for one whose first deploy is under way, or was never done. */
  has(guid: string): Promise<boolean>;
  /** From now on the pack may be another one than the list says. `intent` names this change. */
  announce(guid: string, intent: string): Promise<void>;
  /** What has become of the pack: undefined where there is none. Ignored where a later change was announced. */
  settle(guid: string, intent: string, summary: PackSummary | undefined): Promise<void>;
  /** Sorted by guid. */
  list(): Promise<readonly PackSummary[]>;
}
