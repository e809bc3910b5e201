// What a person is told of a blueprint before it runs, and while it does.
import type { Permissions } from '@pypes/contract';
import type { Blueprint } from '@pypes/host/blueprints';
import type { StepEvent } from '@pypes/host/blueprints/run';
import type { OpenedComponents } from '@pypes/service/blueprints';
import { toPermissionText } from '../grants/change.ts';
import { style } from '../style.ts';

/** What the blueprint alone grants: components that are files have no other grant. */
export function grantsOfFiles({ grants }: Blueprint, { components }: OpenedComponents): readonly string[] {
  return [...components].flatMap(([name, { isLocal }]) => {
    const permissions: Partial<Permissions> = grants.get(name)?.permissions ?? {};
    return isLocal && Object.keys(permissions).length > 0 ? [`${name}: ${toPermissionText(permissions)}`] : [];
  });
}

/** One event on one line; undefined for what the next one says too. */
export function toStepLine(event: StepEvent): string | undefined {
  const item = 'item' in event && event.item !== undefined ? `[${event.item}]` : '';
  const name = `${event.step}${item}`;
  switch (event.type) {
    case 'step.started':
      return style('dim', `${name} started${event.attempt > 1 ? ` (attempt ${event.attempt})` : ''}`);
    case 'step.ended': {
      const time = `${event.duration_ms} ms`;
      if (event.status === 'done') return `${name} finished (${time})`;
      const again = event.retry_ms === undefined ? '' : `; trying again in ${event.retry_ms} ms`;
      return `${style('red', `${name} failed`)} (${time}) ${event.error?.code}: ${event.error?.message}${again}`;
    }
    case 'step.settled':
      return event.status === 'skipped' ? style('dim', `${name} skipped`) : undefined;
  }
}
