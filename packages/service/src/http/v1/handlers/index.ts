// One handler for each route.
import type { RunsRouteId } from '@pypes/contract/runs';
import { answerText } from '../answers.ts';
import { openApiText } from '../openapi.ts';
import { artifact, file } from './artifact.ts';
import { evaluate } from './evaluate.ts';
import { events } from './events.ts';
import type { RunsHandler } from './handler.ts';
import { metrics } from './metrics.ts';
import { cancel, create, get, list, replay } from './runs.ts';
import { stream } from './stream.ts';

export const RUNS_HANDLERS: { readonly [id in RunsRouteId]: RunsHandler } = {
  create,
  list,
  get,
  events,
  stream,
  cancel,
  artifact,
  file,
  replay,
  evaluate,
  openapi: async () => answerText(openApiText()),
  metrics,
};
