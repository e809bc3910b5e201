// The addresses of runs, and changes to what they answer.
import { answerJson, type FakeAnswer, type Mutation } from '../fake/http.ts';
import { answers, type Body, json } from './mutate.ts';

export const START = /^POST \/v1\/runs$/;
export const RUN = /^GET \/v1\/runs\/[^/?]+$/;
export const LIST = /^GET \/v1\/runs\?/;
export const EVENTS = /^GET \/v1\/runs\/[^/]+\/events(\?|$)/;
export const STREAM = /^GET \/v1\/runs\/[^/]+\/events\/stream/;
export const BUNDLE = /^GET \/v1\/runs\/[^/]+\/artifact$/;
export const INDEX = /^GET \/v1\/runs\/[^/]+\/artifact\?list=1/;
export const FILE = /^GET \/v1\/runs\/[^/]+\/artifact\//;
export const CANCEL = /^POST \/v1\/runs\/[^/]+\/cancel/;
export const REPLAY = /^POST \/v1\/runs\/[^/]+\/replay/;
export const EVAL = /^POST \/v1\/eval/;

export const events = (change: (all: readonly Body[]) => readonly unknown[]): Mutation =>
  json(EVENTS, (body) => ({ ...body, events: change(body.events) }));
export const each = (change: (event: Body) => unknown): Mutation => events((all) => all.map(change));
export const failure = (code: number): FakeAnswer =>
  answerJson({ error: { type: 'x', message: 'x', retryable: false, source: 'x' } }, code);
export const bundle = (change: (text: string) => string): Mutation =>
  answers(BUNDLE, (answer) => (answer.status === 200 ? { ...answer, body: change(String(answer.body)) } : answer));
