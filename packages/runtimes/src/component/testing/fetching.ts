// A component that goes out to the network through wasi:http by itself, without any library between.
import { buildComponent, PRELUDE } from './build.ts';
import { HTTP_WIT, WASI_WIT } from './wasi-wit.ts';

const TYPES = 'wasi:http/types@0.2.12';
const STREAMS = 'wasi:io/streams@0.2.12';
const imported = (home: string, name: string, as: string, type: string) =>
  ` (import "${home}" "${name}" (func $${as} ${type}))`;
const params = (count: number) => `(param${' i32'.repeat(count)})`;
const RESULT = '(result i32)';

/** Numbers of cases, as the WIT has them. */
export const METHODS = { get: 0, head: 1, post: 2, put: 3, delete: 4, connect: 5 };
export const SCHEMES = { http: 0, https: 1, other: 2 };
export const ERROR_CODES: { readonly [code: number]: string } = {
  8: 'connection-timeout',
  15: 'HTTP-request-denied',
  38: 'internal-error',
};

/**
 * `request` writes its body so many times, sends it, and gives status, size and beginning of the answer; a failure is
 * the number of the error code below zero, minus one. What is not sent is kept. `fields` appends one value so many
 * times. `double` hands one request over twice.
 */
export const fetching = () =>
  buildComponent(
    `package test:fetching@1.0.0;
world fetching {
  import wasi:io/poll@0.2.12;
  import wasi:io/streams@0.2.12;
  import wasi:http/types@0.2.12;
  import wasi:http/outgoing-handler@0.2.12;
  export request: func(method: u32, scheme: u32, authority: string, path: string, body: string, times: u32, send: bool)
    -> tuple<s32, u64, string>;
  export fields: func(value: string, times: u32, keep: bool) -> u32;
  export set-scheme: func(scheme: u32) -> bool;
}
${WASI_WIT}${HTTP_WIT}`,
    'fetching',
    `(module
${[
  imported(TYPES, '[constructor]fields', 'fields', RESULT),
  imported(TYPES, '[method]fields.append', 'append', params(6)),
  imported(TYPES, '[resource-drop]fields', 'drop-fields', params(1)),
  imported(TYPES, '[constructor]outgoing-request', 'open', `${params(1)} ${RESULT}`),
  imported(TYPES, '[method]outgoing-request.set-method', 'set-method', `${params(4)} ${RESULT}`),
  imported(TYPES, '[method]outgoing-request.set-scheme', 'set-scheme', `${params(5)} ${RESULT}`),
  imported(TYPES, '[method]outgoing-request.set-authority', 'set-authority', `${params(4)} ${RESULT}`),
  imported(TYPES, '[method]outgoing-request.set-path-with-query', 'set-path', `${params(4)} ${RESULT}`),
  imported(TYPES, '[method]outgoing-request.body', 'body', params(2)),
  imported(TYPES, '[method]outgoing-body.write', 'write', params(2)),
  imported(TYPES, '[static]outgoing-body.finish', 'finish', params(4)),
  imported(STREAMS, '[method]output-stream.blocking-write-and-flush', 'flush', params(4)),
  imported(STREAMS, '[resource-drop]output-stream', 'drop-output', params(1)),
  imported('wasi:http/outgoing-handler@0.2.12', 'handle', 'handle', params(4)),
  imported(TYPES, '[method]future-incoming-response.subscribe', 'subscribe', `${params(1)} ${RESULT}`),
  imported('wasi:io/poll@0.2.12', '[method]pollable.block', 'block', params(1)),
  imported('wasi:io/poll@0.2.12', '[resource-drop]pollable', 'drop-pollable', params(1)),
  imported(TYPES, '[method]future-incoming-response.get', 'get', params(2)),
  imported(TYPES, '[resource-drop]future-incoming-response', 'drop-future', params(1)),
  imported(TYPES, '[method]incoming-response.status', 'status', `${params(1)} ${RESULT}`),
  imported(TYPES, '[method]incoming-response.consume', 'consume', params(2)),
  imported(TYPES, '[method]incoming-body.stream', 'stream', params(2)),
  imported(STREAMS, '[method]input-stream.blocking-read', 'read', '(param i32 i64 i32)'),
].join('\n')}
 ${PRELUDE}
 (func $fail (param $code i32) (result i32)
   (i32.store (i32.const 16) (i32.sub (i32.const -1) (local.get $code)))
   (i64.store (i32.const 24) (i64.const 0)) (i32.store (i32.const 36) (i32.const 0))
   (i32.const 16))
 (func $check (param $failed i32) (if (local.get $failed) (then unreachable)))
 (func (export "set-scheme") (param $scheme i32) (result i32)
   (i32.eqz (call $set-scheme (call $open (call $fields)) (i32.const 1) (local.get $scheme) (i32.const 0) (i32.const 0))))
 (func (export "request")
   (param $method i32) (param $scheme i32) (param $host i32) (param $host-size i32) (param $path i32)
   (param $path-size i32) (param $text i32) (param $text-size i32) (param $times i32) (param $send i32) (result i32)
   (local $request i32) (local $body i32) (local $out i32) (local $future i32) (local $pollable i32)
   (local $response i32) (local $in i32) (local $mark i32)
   (local.set $request (call $open (call $fields)))
   (call $check (call $set-method (local.get $request) (local.get $method) (i32.const 0) (i32.const 0)))
   (call $check (call $set-scheme
     (local.get $request) (i32.const 1) (local.get $scheme) (i32.const 0) (i32.const 0)))
   (call $check (call $set-authority
     (local.get $request) (i32.const 1) (local.get $host) (local.get $host-size)))
   (call $check (call $set-path (local.get $request) (i32.const 1) (local.get $path) (local.get $path-size)))
   (if (local.get $times) (then
     (call $body (local.get $request) (i32.const 64))
     (call $check (i32.load8_u (i32.const 64)))
     (local.set $body (i32.load (i32.const 68)))
     (call $write (local.get $body) (i32.const 64))
     (call $check (i32.load8_u (i32.const 64)))
     (local.set $out (i32.load (i32.const 68)))
     (loop $more
       (call $flush (local.get $out) (local.get $text) (local.get $text-size) (i32.const 64))
       (call $check (i32.load8_u (i32.const 64)))
       (local.set $times (i32.sub (local.get $times) (i32.const 1)))
       (br_if $more (local.get $times)))
     (call $drop-output (local.get $out))
     (if (local.get $send) (then
       (call $finish (local.get $body) (i32.const 0) (i32.const 0) (i32.const 64))
       (call $check (i32.load8_u (i32.const 64)))))))
   (if (i32.eqz (local.get $send)) (then (return (call $fail (i32.const -1)))))
   (call $handle (local.get $request) (i32.const 0) (i32.const 0) (i32.const 64))
   (if (i32.load8_u (i32.const 64)) (then (return (call $fail (i32.load8_u (i32.const 72))))))
   (local.set $future (i32.load (i32.const 72)))
   (local.set $pollable (call $subscribe (local.get $future)))
   (call $block (local.get $pollable))
   (call $drop-pollable (local.get $pollable))
   (call $get (local.get $future) (i32.const 64))
   (call $check (i32.eqz (i32.load8_u (i32.const 64))))
   (call $check (i32.load8_u (i32.const 72)))
   (if (i32.load8_u (i32.const 80)) (then (return (call $fail (i32.load8_u (i32.const 88))))))
   (local.set $response (i32.load (i32.const 88)))
   (call $drop-future (local.get $future))
   (i32.store (i32.const 16) (call $status (local.get $response)))
   (i64.store (i32.const 24) (i64.const 0))
   (i32.store (i32.const 36) (i32.const 0))
   (call $consume (local.get $response) (i32.const 64))
   (call $check (i32.load8_u (i32.const 64)))
   (call $stream (i32.load (i32.const 68)) (i32.const 64))
   (call $check (i32.load8_u (i32.const 64)))
   (local.set $in (i32.load (i32.const 68)))
   (local.set $mark (global.get $top))
   (block $end (loop $more
     (call $read (local.get $in) (i64.const 65536) (i32.const 64))
     (br_if $end (i32.load8_u (i32.const 64)))
     (if (i64.eqz (i64.load (i32.const 24))) (then
       (i32.store (i32.const 32) (i32.load (i32.const 68)))
       (i32.store (i32.const 36) (select (i32.load (i32.const 72)) (i32.const 20)
         (i32.lt_u (i32.load (i32.const 72)) (i32.const 20))))
       (local.set $mark (global.get $top))))
     (i64.store (i32.const 24) (i64.add (i64.load (i32.const 24)) (i64.extend_i32_u (i32.load (i32.const 72)))))
     (global.set $top (local.get $mark))
     (br $more)))
   (i32.const 16))
 (func (export "fields") (param $value i32) (param $size i32) (param $times i32) (param $keep i32) (result i32)
   (local $list i32) (local $done i32)
   (loop $more
     (local.set $list (call $fields))
     (call $append (local.get $list) (i32.const 1024) (i32.const 1) (local.get $value) (local.get $size) (i32.const 64))
     (call $check (i32.load8_u (i32.const 64)))
     (if (i32.eqz (local.get $keep)) (then (call $drop-fields (local.get $list))))
     (local.set $done (i32.add (local.get $done) (i32.const 1)))
     (br_if $more (i32.lt_u (local.get $done) (local.get $times))))
   (local.get $done))
 (data (i32.const 1024) "x"))`,
  );
