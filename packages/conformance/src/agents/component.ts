// A component of the suite, as its bytes: four functions over texts, numbers, a record and a result.

/**
 * The world of the component:
 * ```wit
 * package conformance:plain@1.0.0;
 * world plain {
 *   record point { x: f64, y: f64 }
 *   /// Gives back what it gets.
 *   export echo: func(text: string) -> string;
 *   /// The sum of two numbers.
 *   export add: func(a: f64, b: f64) -> f64;
 *   /// A point one to the right.
 *   export move-right: func(p: point) -> point;
 *   /// Fails on purpose.
 *   export halve: func(n: u32) -> result<u32, string>;
 * }
 * ```
 * `halve` of an odd number is the error "broken on purpose". Its core module is a few lines of WebAssembly text, made a
 * component by `wasm-tools component embed` and `wasm-tools component new`.
 */
export const COMPONENT = {
  filename: 'plain.wasm',
  source_base64:
    'AGFzbQ0AAQAHCQFyAgF4dQF5dQoLAQAFcG9pbnQDAAABnwMAYXNtAQAAAAEgBWAEf39/fwF/YAJ/fwF/YAJ8fAF8YAJ8fAF/' +
    'YAF/AX8DBgUAAQIDBAUDAQABBgcBfwFBgCALBzsGBm1lbW9yeQIADGNhYmlfcmVhbGxvYwAABGVjaG8AAQNhZGQAAgptb3Zl' +
    'LXJpZ2h0AAMFaGFsdmUABAqiAQUzAQF/IwBBD2pBcHEhBCAEIANqJAACQANAIwA/AEGAgARsTQ0BQQFAAEF/Rw0AAAsLIAQL' +
    'EgBBECAANgIAQRQgATYCAEEQCwcAIAAgAaALHABBECAARAAAAAAAAPA/oDkDAEEYIAE5AwBBEAs0ACAAQQFxBEBBEEEBOgAA' +
    'QRRBgAg2AgBBGEERNgIABUEQQQA6AABBFCAAQQF2NgIAC0EQCwsYAQBBgAgLEWJyb2tlbiBvbiBwdXJwb3NlADAEbmFtZQEI' +
    'AQAFYWxsb2MCBgEAAQQBcAMPAQACAARkb25lAQRtb3JlBwYBAAN0b3AALwlwcm9kdWNlcnMBDHByb2Nlc3NlZC1ieQENd2l0' +
    'LWNvbXBvbmVudAcwLjI1OS4wAgQBAAAABgwBAAIBAAZtZW1vcnkHCwFAAQR0ZXh0cwBzBhsCAAABAARlY2hvAAABAAxjYWJp' +
    'X3JlYWxsb2MICwEAAAADAwAEAQACCwoBAARlY2hvAQAABwsBQAIBYXUBYnUAdQYJAQAAAQADYWRkCAYBAAACAAMLCQEAA2Fk' +
    'ZAECAAcIAUABAXABAAEGEAEAAAEACm1vdmUtcmlnaHQICAEAAAMBAwAECxABAAptb3ZlLXJpZ2h0AQQABw0CagF5AXNAAQFu' +
    'eQAFBgsBAAABAAVoYWx2ZQgJAQAABAIDAAAGCwsBAAVoYWx2ZQEGAACuAQ5jb21wb25lbnQtbmFtZQEvAAAFAARlY2hvAQxj' +
    'YWJpX3JlYWxsb2MCA2FkZAMKbW92ZS1yaWdodAQFaGFsdmUBCwACAQAGbWVtb3J5AQkAEQEABG1haW4BCQASAQAEbWFpbgE+' +
    'AQgABGVjaG8BBGVjaG8CA2FkZAMDYWRkBAptb3ZlLXJpZ2h0BQptb3ZlLXJpZ2h0BgVoYWx2ZQcFaGFsdmUBCQMBAQVwb2lu' +
    'dAAvCXByb2R1Y2VycwEMcHJvY2Vzc2VkLWJ5AQ13aXQtY29tcG9uZW50BzAuMjU5LjA=',
} as const;
