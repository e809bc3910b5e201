// The parts of WASI 0.2 that the test components import themselves, as WIT.

/** wasi:io, wasi:cli, wasi:clocks and wasi:filesystem, behind a world of its own package. */
export const WASI_WIT = `
package wasi:io@0.2.12 {
  interface error { resource error { to-debug-string: func() -> string; } }
  interface poll {
    resource pollable { ready: func() -> bool; block: func(); }
    poll: func(in: list<borrow<pollable>>) -> list<u32>;
  }
  interface streams {
    use error.{error};
    use poll.{pollable};
    variant stream-error { last-operation-failed(error), closed }
    resource input-stream {
      read: func(len: u64) -> result<list<u8>, stream-error>;
      blocking-read: func(len: u64) -> result<list<u8>, stream-error>;
    }
    resource output-stream {
      check-write: func() -> result<u64, stream-error>;
      write: func(contents: list<u8>) -> result<_, stream-error>;
      blocking-write-and-flush: func(contents: list<u8>) -> result<_, stream-error>;
    }
  }
}
package wasi:cli@0.2.12 {
  interface environment {
    get-environment: func() -> list<tuple<string, string>>;
    get-arguments: func() -> list<string>;
    initial-cwd: func() -> option<string>;
  }
  interface exit { exit: func(status: result); }
  interface stdin { use wasi:io/streams@0.2.12.{input-stream}; get-stdin: func() -> input-stream; }
  interface stdout { use wasi:io/streams@0.2.12.{output-stream}; get-stdout: func() -> output-stream; }
  interface stderr { use wasi:io/streams@0.2.12.{output-stream}; get-stderr: func() -> output-stream; }
}
package wasi:clocks@0.2.12 {
  interface monotonic-clock {
    use wasi:io/poll@0.2.12.{pollable};
    type instant = u64;
    type duration = u64;
    now: func() -> instant;
    subscribe-duration: func(when: duration) -> pollable;
  }
  interface wall-clock { record datetime { seconds: u64, nanoseconds: u32 } now: func() -> datetime; }
}
package wasi:random@0.2.12 {
  interface random { get-random-bytes: func(len: u64) -> list<u8>; get-random-u64: func() -> u64; }
}
package wasi:filesystem@0.2.12 {
  interface types {
    enum error-code { access, would-block }
    resource descriptor { sync: func() -> result<_, error-code>; } }
  interface preopens {
    use types.{descriptor};
    get-directories: func() -> list<tuple<descriptor, string>>;
  }
}
`;

/** wasi:http, as far as a client needs it. */
export const HTTP_WIT = `
package wasi:http@0.2.12 {
  interface types {
    use wasi:io/streams@0.2.12.{input-stream, output-stream};
    use wasi:io/poll@0.2.12.{pollable};
    variant method { get, head, post, put, delete, connect, options, trace, patch, other(string) }
    variant scheme { HTTP, HTTPS, other(string) }
    record DNS-error-payload { rcode: option<string>, info-code: option<u16> }
    record TLS-alert-received-payload { alert-id: option<u8>, alert-message: option<string> }
    record field-size-payload { field-name: option<string>, field-size: option<u32> }
    variant error-code {
      DNS-timeout, DNS-error(DNS-error-payload), destination-not-found, destination-unavailable,
      destination-IP-prohibited, destination-IP-unroutable, connection-refused, connection-terminated,
      connection-timeout, connection-read-timeout, connection-write-timeout, connection-limit-reached,
      TLS-protocol-error, TLS-certificate-error, TLS-alert-received(TLS-alert-received-payload),
      HTTP-request-denied, HTTP-request-length-required, HTTP-request-body-size(option<u64>),
      HTTP-request-method-invalid, HTTP-request-URI-invalid, HTTP-request-URI-too-long,
      HTTP-request-header-section-size(option<u32>), HTTP-request-header-size(option<field-size-payload>),
      HTTP-request-trailer-section-size(option<u32>), HTTP-request-trailer-size(field-size-payload),
      HTTP-response-incomplete, HTTP-response-header-section-size(option<u32>),
      HTTP-response-header-size(field-size-payload), HTTP-response-body-size(option<u64>),
      HTTP-response-trailer-section-size(option<u32>), HTTP-response-trailer-size(field-size-payload),
      HTTP-response-transfer-coding(option<string>), HTTP-response-content-coding(option<string>),
      HTTP-response-timeout, HTTP-upgrade-failed, HTTP-protocol-error, loop-detected, configuration-error,
      internal-error(option<string>)
    }
    type field-key = string;
    type field-name = field-key;
    type field-value = list<u8>;
    type status-code = u16;
    type headers = fields;
    type trailers = fields;
    variant header-error { invalid-syntax, forbidden, immutable }
    resource fields {
      constructor();
      from-list: static func(entries: list<tuple<field-name, field-value>>) -> result<fields, header-error>;
      append: func(name: field-name, value: field-value) -> result<_, header-error>;
      entries: func() -> list<tuple<field-name, field-value>>;
    }
    resource outgoing-request {
      constructor(headers: headers);
      body: func() -> result<outgoing-body>;
      set-method: func(method: method) -> result;
      set-path-with-query: func(path-with-query: option<string>) -> result;
      set-scheme: func(scheme: option<scheme>) -> result;
      set-authority: func(authority: option<string>) -> result;
    }
    resource request-options { constructor(); }
    resource outgoing-body {
      write: func() -> result<output-stream>;
      finish: static func(this: outgoing-body, trailers: option<trailers>) -> result<_, error-code>;
    }
    resource incoming-body { %stream: func() -> result<input-stream>; }
    resource incoming-response {
      status: func() -> status-code;
      headers: func() -> headers;
      consume: func() -> result<incoming-body>;
    }
    resource future-incoming-response {
      subscribe: func() -> pollable;
      get: func() -> option<result<result<incoming-response, error-code>>>;
    }
  }
  interface outgoing-handler {
    use types.{outgoing-request, request-options, future-incoming-response, error-code};
    handle: func(request: outgoing-request, options: option<request-options>)
      -> result<future-incoming-response, error-code>;
  }
}
`;
