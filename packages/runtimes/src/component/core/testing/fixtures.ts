// The shared suite's agents as core modules, in text form.
import type { RuntimeFixtures } from '../../../testing/fixtures/fixtures.ts';
import { type WatParts, wat } from './wat.ts';

const RUN = '(func (export "run") (param $at i32) (param $length i32) (result i64)';

type Small = Omit<WatParts, 'agent' | 'code'> & { readonly agent?: string; readonly run: string };

/** A module of one function; its arguments are `$args` as well. */
function agent(name: string, { agent: metadata = `{"name":"${name}"}`, run, ...rest }: Small): string {
  const code = `${RUN} (local $args i64) (local $answer i64) (local $request i64) (local $count i32)
   (local.set $args (call $pack (local.get $at) (local.get $length)))
   ${run})`;
  return wat({ agent: metadata, code, ...rest });
}

const TYPES =
  '{"yes":true,"no":false,"nothing":null,"whole":42,"broken":0.5,"text":"é","list":[1,[2]],"object":{"a":{"b":1}}}';

export const coreFixtures: RuntimeFixtures = {
  extension: '.wat',
  noLines: true,
  absent: {
    prints: 'a core module has no standard output; it logs',
    mixed:
      'runs in the threads that JavaScript runs in, where its calls are mixed; this text format has no way to choose',
    sleep: 'a core module has nothing to wait by: it can compute and ask the host',
  },
  agents: {
    echo: agent('echo', {
      agent: `{"name":"echo","description":"Gives back its text",
        "parameters":{"type":"object","properties":{"text":{"type":"string"}},"required":["text"]}}`,
      run: '(local.get $args)',
    }),
    defaults: agent('defaults', {
      texts: { key: '"city":', oslo: '{"city":"Oslo"}' },
      run: `(if (i64.ne (call $field (local.get $args) {{key}}) (i64.const 0)) (then (return (local.get $args))))
        (call $pack {{oslo}})`,
    }),
    types: agent('types', { texts: { all: TYPES }, run: '(call $pack {{all}})' }),
    logs: agent('logs', {
      imports: ['log', 'progress', 'use'],
      texts: {
        first: 'first',
        op: 'log',
        second: '{"level":"warn","message":"second","data":{"n":1}}',
        half: 'half',
        logged: '"logged"',
      },
      run: `(call $log (i32.const 1) {{first}})
        (drop (call $use {{op}} {{second}}))
        (call $progress (f64.const 0.5) {{half}})
        (call $pack {{logged}})`,
    }),
    memory: agent('memory', {
      imports: ['use'],
      texts: {
        get: 'memory.get',
        set: 'memory.set',
        delete: 'memory.delete',
        list: 'memory.list',
        setA: '{"key":"a","value":{"n":1}}',
        setB: '{"key":"b","value":2}',
        a: '{"key":"a"}',
        b: '{"key":"b"}',
        missing: '{"key":"missing"}',
        all: '{}',
        part1: '{"a":',
        part2: ',"missing":',
        part3: ',"keys":',
        part4: '}',
      },
      run: `(drop (call $use {{set}} {{setA}}))
        (drop (call $use {{set}} {{setB}}))
        (drop (call $use {{delete}} {{b}}))
        (call $put {{part1}}) (call $put_packed (call $use {{get}} {{a}}))
        (call $put {{part2}}) (call $put_packed (call $use {{get}} {{missing}}))
        (call $put {{part3}}) (call $put_packed (call $use {{list}} {{all}}))
        (call $put {{part4}}) (call $done)`,
    }),
    counter: agent('counter', {
      imports: ['use'],
      texts: {
        get: 'memory.get',
        set: 'memory.set',
        key: '{"key":"count"}',
        before: '{"key":"count","value":',
        after: '}',
      },
      run: `(local.set $count (i32.add (i32.const 1) (call $number (call $use {{get}} {{key}}))))
        (call $put {{before}}) (call $put_number (local.get $count)) (call $put {{after}})
        (local.set $answer (call $done))
        (drop (call $use {{set}} (call $at (local.get $answer)) (call $length (local.get $answer))))
        (global.set $out (i32.const 65536))
        (call $put_number (local.get $count)) (call $done)`,
    }),
    nested: agent('nested', {
      imports: ['use'],
      texts: { call: 'call', other: '{"agent":"other","args":{"x":1}}', before: '{"got":', after: '}' },
      run: `(local.set $answer (call $use {{call}} {{other}}))
        (if (call $failed (local.get $answer)) (then (return (local.get $answer))))
        (call $put {{before}}) (call $put_packed (local.get $answer)) (call $put {{after}}) (call $done)`,
    }),
    capabilities: agent('capabilities', {
      imports: ['use'],
      texts: {
        put: 'objects.put',
        note: '{"name":"note.txt","text":"hé","content_type":"text/plain"}',
        get: 'objects.get',
        name: '{"name":"note.txt"}',
        list: 'objects.list',
        prefix: '{"prefix":"n"}',
        delete: 'objects.delete',
        fetch: 'fetch',
        fetchBefore: '{"url":',
        fetchAfter: ',"method":"POST","headers":{"x-test":"1"},"text":"ping"}',
        vault: 'vault.get',
        secret: '{"name":"KEY"}',
        ai: 'ai.complete',
        hello: '{"messages":[{"role":"user","content":"hello"}]}',
        sizeKey: '"size":',
        textKey: '"text":',
        nameKey: '"name":',
        urlKey: '"url":',
        statusKey: '"status":',
        outSize: '{"size":',
        outText: ',"text":',
        outNames: ',"names":[',
        outStatus: '],"status":',
        outBody: ',"body":',
        outSecret: ',"secret":',
        outAnswer: ',"answer":',
        end: '}',
      },
      run: `(local.set $answer (call $use {{put}} {{note}}))
        (call $put {{fetchBefore}}) (call $put_packed (call $field (local.get $args) {{urlKey}})) (call $put {{fetchAfter}})
        (local.set $request (call $done))
        (global.set $out (i32.const 98304))
        (call $put {{outSize}}) (call $put_packed (call $field (local.get $answer) {{sizeKey}}))
        (call $put {{outText}}) (call $put_packed (call $field (call $use {{get}} {{name}}) {{textKey}}))
        (call $put {{outNames}}) (call $put_packed (call $field (call $use {{list}} {{prefix}}) {{nameKey}}))
        (drop (call $use {{delete}} {{name}}))
        (local.set $answer (call $use {{fetch}} (call $at (local.get $request)) (call $length (local.get $request))))
        (call $put {{outStatus}}) (call $put_packed (call $field (local.get $answer) {{statusKey}}))
        (call $put {{outBody}}) (call $put_packed (call $field (local.get $answer) {{textKey}}))
        (call $put {{outSecret}}) (call $put_packed (call $use {{vault}} {{secret}}))
        (call $put {{outAnswer}}) (call $put_packed (call $field (call $use {{ai}} {{hello}}) {{textKey}}))
        (call $put {{end}})
        (call $pack (i32.const 98304) (i32.sub (global.get $out) (i32.const 98304)))`,
    }),
    denied: agent('denied', {
      imports: ['use'],
      texts: { fetch: 'fetch', key: '"message":', before: '{"caught":', after: '}', silent: '"not refused"' },
      run: `(local.set $answer (call $use {{fetch}} (local.get $at) (local.get $length)))
        (if (i32.eqz (call $failed (local.get $answer))) (then (return (call $pack {{silent}}))))
        (call $put {{before}}) (call $put_packed (call $field (local.get $answer) {{key}})) (call $put {{after}})
        (call $done)`,
    }),
    throws: agent('throws', { texts: { boom: '"boom"' }, run: '(call $fail {{boom}})' }),
    loop: agent('loop', { run: '(loop $again (br $again)) (i64.const 0)' }),
    notJson: agent('not-json', { texts: { hello: 'hello' }, run: '(call $pack {{hello}})' }),
    big: agent('big', {
      texts: { key: '"n":', quote: '"' },
      run: `(local.set $count (call $number (call $field (local.get $args) {{key}})))
        (call $put {{quote}})
        (memory.fill (global.get $out) (i32.const 120) (local.get $count))
        (global.set $out (i32.add (global.get $out) (local.get $count)))
        (call $put {{quote}}) (call $done)`,
    }),
    syntaxError: agent('broken', { agent: '{"name": BROKEN}', run: '(local.get $args)' }),
    noRun: wat({
      agent: '{"name":"no-run"}',
      code: '(func (export "walk") (param i32 i32) (result i64) (i64.const 0))',
    }),
    metadata: agent('rich', {
      agent:
        '{"name":"rich","description":"Shows all","returns":{"type":"string"},"examples":[{"args":{"a":1},"returns":"x"}],"color":"blue"}',
      texts: { x: '"x"' },
      run: '(call $pack {{x}})',
    }),
  },
};
