// Every check, in the order of the report.
import type { Check } from '../check.ts';
import { ARGUMENT_CHECKS } from './call/arguments.ts';
import { CALL_CHECKS } from './call/call.ts';
import { CONCURRENCY_CHECKS } from './call/concurrency.ts';
import { FAILURE_CHECKS } from './call/failures.ts';
import { BACK_CHECKS } from './deploy/back.ts';
import { DEPLOY_CHECKS } from './deploy/deploy.ts';
import { DISCOVERY_CHECKS } from './deploy/discovery.ts';
import { FILE_CHECKS } from './deploy/files.ts';
import { UPDATE_CHECKS } from './deploy/update.ts';
import { HEALTH_CHECKS } from './health.ts';
import { COMPONENT_CHECKS } from './languages/component.ts';
import { LANGUAGE_CHECKS } from './languages/languages.ts';
import { SHAPE_CHECKS } from './languages/shapes.ts';
import { STOP_CHECKS } from './languages/stop.ts';
import { LIMIT_CHECKS } from './limits.ts';
import { MEMORY_CHECKS } from './memory.ts';
import { ROUTE_CHECKS } from './routes.ts';
import { EVENT_CHECKS } from './runs/events.ts';
import { LOOK_CHECKS } from './runs/look.ts';
import { START_CHECKS } from './runs/start.ts';
import { HOST_CHECKS } from './security/host-names.ts';
import { SANDBOX_CHECKS } from './security/sandbox.ts';
import { TOKEN_CHECKS } from './security/tokens.ts';
import { PAGE_CHECKS } from './security/web-pages.ts';
import { SPELLING_CHECKS } from './spelling.ts';

export const CHECKS: readonly Check[] = [
  ...HEALTH_CHECKS,
  ...DEPLOY_CHECKS,
  ...FILE_CHECKS,
  ...UPDATE_CHECKS,
  ...DISCOVERY_CHECKS,
  ...BACK_CHECKS,
  ...CALL_CHECKS,
  ...ARGUMENT_CHECKS,
  ...FAILURE_CHECKS,
  ...CONCURRENCY_CHECKS,
  ...MEMORY_CHECKS,
  ...LIMIT_CHECKS,
  ...ROUTE_CHECKS,
  ...SPELLING_CHECKS,
  ...PAGE_CHECKS,
  ...HOST_CHECKS,
  ...TOKEN_CHECKS,
  ...SANDBOX_CHECKS,
  ...LANGUAGE_CHECKS,
  ...COMPONENT_CHECKS,
  ...SHAPE_CHECKS,
  ...STOP_CHECKS,
  ...START_CHECKS,
  ...EVENT_CHECKS,
  ...LOOK_CHECKS,
];
