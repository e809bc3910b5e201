// Every check, in the order of the report.
import type { Check } from '../check.ts';
import { CALL_CHECKS } from './call.ts';
import { DEPLOY_CHECKS } from './deploy.ts';
import { INSPECT_CHECKS } from './inspect.ts';
import { LANGUAGE_CHECKS, SHAPE_CHECKS } from './languages.ts';
import { LIMIT_CHECKS } from './limits.ts';
import { MEMORY_CHECKS } from './memory.ts';
import { RUN_CHECKS } from './runs.ts';
import { SECURITY_CHECKS } from './security.ts';

export const CHECKS: readonly Check[] = [
  ...INSPECT_CHECKS,
  ...DEPLOY_CHECKS,
  ...CALL_CHECKS,
  ...MEMORY_CHECKS,
  ...LIMIT_CHECKS,
  ...SECURITY_CHECKS,
  ...LANGUAGE_CHECKS,
  ...SHAPE_CHECKS,
  ...RUN_CHECKS,
];
