import { describe, expect, it } from 'vitest';
import { LispyError, readAgentFile } from '../index.ts';

describe('the Clojure shape', () => {
  it.each([
    '(def AGENT {:name "Weather" :description "Says" :parameters {:type "object" :properties {:city {:type "string"}}}})\n(defn run [context city unit] city)',
    '(define AGENT (make-dict "name" "Weather" "description" (string-append "Sa" "ys") "parameters" {:type "object" :properties {:city {:type "string"}}}))\n(define (run context city unit) city)',
    '(define AGENT \'{:name "Weather" :description "Says" :parameters {:type "object" :properties {:city {:type "string"}}}})\n(define run (lambda (context city unit) city))',
  ])('%s', (source) => {
    expect(readAgentFile(source, { file: 'weather_agent.lispy' })).toEqual({
      kind: 'literal',
      shape: 'clojure',
      metadata: {
        name: 'Weather',
        description: 'Says',
        parameters: { type: 'object', properties: { city: { type: 'string' } } },
      },
      runName: 'run',
      runParameters: ['city', 'unit'],
      takesMap: false,
    });
  });

  it('is computed where AGENT is no literal', () => {
    expect(
      readAgentFile('(def AGENT (merge {:name "x"} {})) (defn run [context & args] 1)', { file: 'x.lispy' }),
    ).toMatchObject({
      kind: 'computed',
      runName: 'run',
      runParameters: ['args'],
    });
  });
});

describe('the Scheme shape', () => {
  it('has the defaults of the contract', () => {
    const source =
      '(define agent-name "Post")\n(define agent-description "Posts")\n(define agent-parameters (make-dict "title" "The title"))\n(define (agent-run context kwargs) nil)';
    expect(readAgentFile(source, { file: 'agents/post_agent.lispy' })).toEqual({
      kind: 'literal',
      shape: 'scheme',
      metadata: {
        name: 'Post',
        description: 'Posts',
        parameters: { type: 'object', properties: { title: { type: 'string', description: 'The title' } } },
      },
      runName: 'agent-run',
      runParameters: ['kwargs'],
      takesMap: true,
    });
  });

  it.each([
    ['daily_news_agent.lispy', 'daily-news-agent-run', 'daily_news'],
    ['daily_news_agent.lispy', 'daily-news-run', 'daily_news'],
    ['/deep/er/echo.lisp', 'echo-run', 'echo'],
  ])('%s may be run by %s', (file, runName, name) => {
    expect(readAgentFile(`(define (${runName} context kwargs) 1)`, { file })).toMatchObject({
      kind: 'literal',
      runName,
      metadata: { name },
    });
  });

  it('prefers agent-run', () => {
    expect(readAgentFile('(define (x-run c k) 1) (define (agent-run c k) 2)', { file: 'x_agent.lispy' }).runName).toBe(
      'agent-run',
    );
  });

  it('is computed where a part is no literal', () => {
    const file = readAgentFile('(define base "a") (define agent-name (str base "b")) (define (agent-run c k) 1)', {
      file: 'x.lispy',
    });
    expect([file.kind, file.metadata]).toEqual(['computed', {}]);
  });
});

describe('broken files', () => {
  it.each([
    ['(def AGENT {:name "x"', 'incomplete'],
    ['(def AGENT {:name "x"})', 'syntax'],
    ['(def AGENT "x") (defn run [c] 1)', 'syntax'],
    ['(define (helper) 1)', 'syntax'],
    ['', 'syntax'],
    ['(define agent-name "x")', 'syntax'],
  ])('%j is a %s error', (source, code) => {
    expect(() => readAgentFile(source, { file: 'x_agent.lispy' })).toThrowError(expect.objectContaining({ code }));
    expect(() => readAgentFile(source, { file: 'x_agent.lispy' })).toThrow(LispyError);
  });
});
