// The section of limits: the contract's own, each with what is written about it.
import { DEFAULT_LIMITS, type Limits } from '@pypes/contract';
import { integer, type Setting } from './setting.ts';

const DAY_MS = 86_400_000;
const TEBIBYTE = 2 ** 40;
const MANY = 1_000_000;

/** A limit that is added to the contract has to be described here. */
const ABOUT: { readonly [K in keyof Limits]: string } = {
  fileBytes: 'Bytes of one agent file.',
  componentBytes: 'Bytes of one component.',
  bundleBytes: 'Bytes of a pack that is deployed.',
  argumentBytes: 'Bytes of the arguments of a call, as JSON.',
  outputBytes: 'Bytes of what a call gives back, as JSON.',
  callMs: 'Milliseconds of a call and of all that it calls.',
  cpuMs: 'Milliseconds of processor time of one sandboxed call.',
  guestBytes: "Bytes of memory that a sandboxed guest may have beyond its language's own.",
  callDepth: 'How deep calls may nest.',
  fanOut: 'How many calls and other requests one call may have under way at once.',
  openSockets: 'How many requests to the network one call may have under way at once.',
  concurrentCalls: 'How many calls may be in flight at once.',
  logLines: 'How many lines one call may log.',
  logBytes: 'Bytes of all that one call may log.',
  logLineLength: 'Characters of one logged line; the rest is cut off.',
  memoryBytes: "Bytes of one user's memory document.",
  objectBytes: 'Bytes of one object.',
  objectsBytes: 'Bytes of all objects of one user.',
  fetchMs: 'Milliseconds of one request to the network, redirects included.',
  fetchBytes: 'Bytes of the answer to one request to the network.',
  fetchRedirects: 'How many redirects one request follows.',
  sessionBytes: 'Bytes of all files of one working session.',
};

const LIMITS = Object.keys(ABOUT) as readonly (keyof Limits)[];

/** By the names that they have in the file. */
export const LIMIT_SETTINGS: { readonly [name: string]: Setting<number> } = Object.fromEntries(
  LIMITS.map((name) => [
    toSnake(name),
    integer({
      about: ABOUT[name],
      initial: DEFAULT_LIMITS[name],
      least: name === 'fetchRedirects' ? 0 : 1,
      most: name.endsWith('Ms') ? DAY_MS : name.endsWith('Bytes') ? TEBIBYTE : MANY,
    }),
  ]),
);

/** From the values of the section. */
export function toLimits(values: { readonly [name: string]: number }): Limits {
  return Object.fromEntries(
    LIMITS.map((name) => [name, values[toSnake(name)] ?? DEFAULT_LIMITS[name]]),
  ) as unknown as Limits;
}

function toSnake(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
