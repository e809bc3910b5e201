// Endpoints that tell wrongly what happens in a run.
import type { Mutation } from '../fake/http.ts';
import { answers, asked, header, headers, json, type Mutants, without } from './mutate.ts';
import { EVENTS, each, events, STREAM } from './runs.ts';

export const EVENT_MUTANTS: Mutants = {
  'EVENT-1': [
    { what: 'from zero', mutation: each((event) => ({ ...event, seq: event.seq - 1 })), also: ['EVENT-7', 'EVENT-9'] },
    { what: 'with a gap', mutation: events((all) => all.filter(({ seq }) => seq !== 2)), also: 'group' },
    {
      what: 'the last is missing',
      mutation: events((all) => all.filter(({ event_type }) => event_type !== 'run.finished')),
      also: 'group',
    },
    { what: 'one twice', mutation: events((all) => [...all, ...all.slice(-1)]), also: 'group' },
  ],
  'EVENT-2': [
    {
      what: 'logs are lost',
      mutation: each((event) => (event.event_type === 'log' ? { ...event, attrs: {} } : event)),
      also: ['EVENT-7', 'EVENT-9'],
    },
    {
      what: 'progress is a log',
      mutation: each((event) => (event.event_type === 'progress' ? { ...event, event_type: 'log' } : event)),
      also: ['EVENT-7', 'EVENT-9'],
    },
  ],
  'EVENT-3': [
    {
      what: 'a page is longer than was asked for',
      mutation: asked(EVENTS, (request) => ({ ...request, path: request.path.replace(/limit=[1-4]&/, 'limit=50&') })),
    },
    { what: 'the first of a page again', mutation: overlapping(), also: ['EVENT-6', 'EVENT-9'] },
  ],
  'EVENT-4': [
    ...['time', 'severity', 'actor', 'attrs', 'trace'].map((key) => ({
      what: `no ${key}`,
      mutation: each(without(key)),
      also: ['EVENT-2', 'EVENT-7', 'EVENT-9'],
    })),
    {
      what: 'another type',
      mutation: each((event) => (event.event_type === 'log' ? { ...event, event_type: 'logged' } : event)),
      also: ['EVENT-2', 'EVENT-7', 'EVENT-9'],
    },
    { what: 'another run', mutation: each((event) => ({ ...event, run_id: 'x' })), also: ['EVENT-7', 'EVENT-9'] },
    {
      what: 'no trace of that kind',
      mutation: each((event) => ({ ...event, trace: { trace_id: '0'.repeat(32), span_id: '1' } })),
      also: ['EVENT-7', 'EVENT-9'],
    },
    {
      what: 'times go back',
      mutation: each((event) => ({ ...event, time: new Date(1e12 - event.seq * 1e6).toISOString() })),
      also: ['EVENT-7', 'EVENT-9'],
    },
  ] as never,
  'EVENT-5': [
    {
      what: 'limits are cut',
      mutation: asked(EVENTS, (request) => ({ ...request, path: request.path.replace(/limit=(0|501)/, 'limit=5') })),
    },
    {
      what: 'a cursor is a number',
      mutation: asked(EVENTS, (request) => ({
        ...request,
        path: request.path.replace(/\/runs\/([^/]+)\/events\?cursor=[0-9a-f-]{36}\./, '/runs/$1/events?cursor=$1.'),
      })),
    },
    {
      what: 'what is none is the start',
      mutation: asked(EVENTS, (request) => ({ ...request, path: request.path.replace('cursor=nonsense', '') })),
    },
  ],
  'EVENT-6': [
    {
      what: 'it is not complete',
      mutation: json(EVENTS, (body, { path }) => (path.includes('wait=25') ? { ...body, complete: false } : body)),
    },
    {
      what: 'the last again',
      mutation: json(EVENTS, (body, { path }) => (path.includes('wait=25') ? { ...body, events: [{}] } : body)),
    },
  ],
  'EVENT-7': [
    {
      what: 'another order of keys',
      mutation: answers(STREAM, (answer) => ({
        ...answer,
        body: String(answer.body).replace(/data: \{"seq":(\d+),(.*)\}/g, 'data: {$2,"seq":$1}'),
      })),
    },
    {
      what: 'the first is missing',
      mutation: answers(STREAM, (answer, { headers: { 'last-event-id': last } }) =>
        last === undefined ? { ...answer, body: String(answer.body).split('\n\n').slice(1).join('\n\n') } : answer,
      ),
      also: ['EVENT-8', 'EVENT-9'],
    },
    {
      what: 'another type of content',
      mutation: headers(STREAM, () => ({ 'content-type': 'text/plain' })),
      also: ['EVENT-8', 'EVENT-9'],
    },
  ],
  'EVENT-8': [
    { what: 'from the start', mutation: header('last-event-id', undefined, STREAM) },
    {
      what: 'no ids',
      mutation: answers(STREAM, (answer) => ({ ...answer, body: String(answer.body).replaceAll(/^id:.*\n/gm, '') })),
      also: ['EVENT-9'],
    },
    {
      what: 'one is lost',
      mutation: answers(STREAM, (answer, { headers: { 'last-event-id': last } }) =>
        last === undefined ? answer : { ...answer, body: String(answer.body).split('\n\n').slice(1).join('\n\n') },
      ),
    },
  ],
  'EVENT-9': [
    {
      what: 'it is another',
      mutation: answers(STREAM, (answer) => ({
        ...answer,
        body: String(answer.body).replaceAll(/^id: (.*)$/gm, 'id: s$1'),
      })),
      also: ['EVENT-8'],
    },
  ],
};

function overlapping(): Mutation {
  return asked(EVENTS, (request) => ({
    ...request,
    path: request.path.replace(
      /(cursor=[0-9a-f-]{36}\.)(\d+)/,
      (_, start: string, seq: string) => `${start}${Math.max(0, Number(seq) - 1)}`,
    ),
  }));
}
