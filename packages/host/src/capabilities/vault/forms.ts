// The forms in which a secret turns up in logs, messages and results: as it is, and as common encoders write it.
import { isJsonObject, type Json } from '@pypes/contract';
import { bytesToHex, encodeBase64 } from '../../packs/encoding.ts';
import { LEAST_SECRET_BYTES } from './secret-rules.ts';

/** One form; `edges` says that a base64 digit before or after it may carry some of its bits. */
export type Form = { readonly text: string; readonly edges?: 'before' | 'after' | 'both' };

const encoder = new TextEncoder();
const LEAST_LINE = 12;

/**
 * All forms of a secret: plain, JSON-escaped (once, twice, as ASCII), URL- and form-encoded, HTML-escaped, hex, base64
 * and base64url at each of the three alignments, reversed. Of JSON the texts at its leaves too; of a text with several
 * lines (a key file) each long line.
 */
export function formsOf(secret: string): readonly Form[] {
  const forms = new Map<string, Form>();
  const add = (form: Form) => form.text !== '' && !forms.has(form.text) && forms.set(form.text, form);
  add({ text: secret });
  for (const value of new Set([secret, secret.trim(), ...leavesOf(secret)])) {
    if (encoder.encode(value).length < LEAST_SECRET_BYTES) continue;
    add({ text: value });
    for (const text of escapesOf(value)) add({ text });
    for (const form of codesOf(encoder.encode(value))) add(form);
    add({ text: [...value].reverse().join('') });
  }
  for (const text of linesOf(secret)) add({ text });
  return [...forms.values()];
}

function escapesOf(value: string): readonly string[] {
  const json = JSON.stringify(value).slice(1, -1);
  const url = percentEncode(value);
  const form = new URLSearchParams([['', value]]).toString().slice(1);
  const html = escapeHtml(value, '&#39;');
  return [
    json,
    JSON.stringify(json).slice(1, -1),
    json.replaceAll('/', '\\/'),
    json.replace(/[\u0080-\uffff]/g, toUnicodeEscape),
    url,
    url.replace(/%../g, (code) => code.toLowerCase()),
    percentEncode(url),
    form,
    form.replace(/%../g, (code) => code.toLowerCase()),
    html,
    escapeHtml(value, '&#x27;'),
  ];
}

function codesOf(bytes: Uint8Array): readonly Form[] {
  const hex = bytesToHex(bytes);
  const forms: Form[] = [{ text: hex }, { text: hex.toUpperCase() }];
  for (const shift of [0, 1, 2]) {
    const form = base64At(bytes, shift);
    const url = form.text.replaceAll('+', '-').replaceAll('/', '_');
    forms.push(form, { ...form, text: url }, { ...form, text: percentEncode(form.text) });
  }
  return forms;
}

const BITS = 6;

/** The base64 digits that depend on these bytes alone, where `shift` (0 to 2) bytes precede them in their group. */
function base64At(bytes: Uint8Array, shift: number): Form {
  const shifted = new Uint8Array(shift + bytes.length);
  shifted.set(bytes, shift);
  const first = Math.ceil((shift * 8) / BITS);
  const last = Math.floor((shifted.length * 8) / BITS);
  const text = encodeBase64(shifted).slice(first, last);
  const after = (shifted.length * 8) % BITS !== 0;
  if (shift === 0) return after ? { text, edges: 'after' } : { text };
  return { text, edges: after ? 'both' : 'before' };
}

/** The texts in a structured secret, such as the password of a login. */
function leavesOf(secret: string): readonly string[] {
  if (!/^\s*[{[]/.test(secret)) return [];
  try {
    return textsIn(JSON.parse(secret) as Json);
  } catch {
    return [];
  }
}

function textsIn(value: Json): readonly string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return (value as readonly Json[]).flatMap(textsIn);
  return isJsonObject(value) ? Object.values(value).flatMap(textsIn) : [];
}

/** Lines that are long enough to be telling; what frames a key file is the same for everybody. */
function linesOf(secret: string): readonly string[] {
  const lines = secret.split(/\r?\n/).map((line) => line.trim());
  return lines.length < 2 ? [] : lines.filter((line) => line.length >= LEAST_LINE && !line.startsWith('-----'));
}

function percentEncode(value: string): string {
  return encodeURIComponent(value.toWellFormed());
}

function toUnicodeEscape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

function escapeHtml(value: string, apostrophe: string): string {
  const names: { readonly [character: string]: string } = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": apostrophe,
  };
  return value.replace(/[&<>"']/g, (character) => names[character] ?? character);
}
