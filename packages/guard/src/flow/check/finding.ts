// What a check says: a stable code, where, a path as the counterexample, and how to repair it (spec 4).

/** A place in a blueprint; line and column count from 1. */
export type Where = { readonly path: string; readonly line: number; readonly column: number };

/** An `error` stops a run, a `warning` is shown before it, a `note` says what could not be decided. */
export type Severity = 'error' | 'warning' | 'note';

/** One station of a path: where a value is, and what brought it there. */
export type PathStep = {
  /** The id of the node. */
  readonly node: string;
  readonly title: string;
  /** How the value came here; absent at the beginning. */
  readonly via?: string;
  readonly where: Where;
};

/** A change of the text that a program can make: what lies between the two places is replaced. */
export type Edit = {
  readonly path: string;
  readonly start: { readonly line: number; readonly column: number };
  readonly end: { readonly line: number; readonly column: number };
  readonly text: string;
};

/** How to mend it: in words, and as an edit where it is simple and takes no decision away from a person. */
export type Repair = { readonly text: string; readonly edit?: Edit };

/** One finding. */
export type Finding = {
  readonly code: FindingCode;
  readonly severity: Severity;
  readonly where: Where;
  readonly message: string;
  /** The shortest way there; empty where nothing flows. */
  readonly path: readonly PathStep[];
  /** For two things that meet: the way of the other one. */
  readonly otherPath?: readonly PathStep[];
  readonly repair?: Repair;
};

type FindingRow = { readonly check: number; readonly severity: Severity; readonly title: string };

/** Every code, once and for ever: the number of the check of spec 4 (0: the blueprint itself), then a count. */
export const FINDING_CODES = {
  PB001: { check: 0, severity: 'error', title: 'A component cannot be found' },
  PB002: { check: 0, severity: 'error', title: 'A component has no such function' },
  PB101: { check: 1, severity: 'error', title: 'An import is not wired' },
  PB102: { check: 1, severity: 'error', title: 'A permission that is needed is not granted' },
  PB103: { check: 1, severity: 'error', title: 'A grant is not used' },
  PB104: { check: 1, severity: 'error', title: 'A wire is not used' },
  PB105: { check: 1, severity: 'warning', title: 'A component is not used' },
  PB201: { check: 2, severity: 'error', title: 'A forbidden pair is reachable' },
  PB202: { check: 2, severity: 'warning', title: 'A forbidden pair is reachable the other way round' },
  PB301: { check: 3, severity: 'error', title: 'A label reaches a place that refuses it' },
  PB401: { check: 4, severity: 'error', title: 'Private data, untrusted content and a way out meet' },
  PB402: { check: 4, severity: 'error', title: 'Untrusted content reaches a destructive action' },
  PB501: { check: 5, severity: 'error', title: 'A release lets more bits through than it declares' },
  PB502: { check: 5, severity: 'error', title: 'A release declares a type that the value does not have' },
  PB503: { check: 5, severity: 'note', title: 'A release without a bound' },
  PB504: { check: 5, severity: 'warning', title: 'A release is not needed' },
  PB601: { check: 6, severity: 'error', title: 'A payload exceeds its limit' },
  PB602: { check: 6, severity: 'error', title: 'The bytes of a run exceed a budget' },
  PB603: { check: 6, severity: 'error', title: 'The calls of a run exceed a budget' },
  PB604: { check: 6, severity: 'note', title: 'Whether a budget holds cannot be told' },
  PB701: { check: 7, severity: 'error', title: 'Arguments do not fit' },
  PB702: { check: 7, severity: 'error', title: 'A reply does not fit' },
  PB703: { check: 7, severity: 'error', title: 'A template does not fit the data' },
  PB704: { check: 7, severity: 'note', title: 'Whether a wire fits cannot be told' },
  PB801: { check: 8, severity: 'error', title: 'Untrusted data decides where something goes' },
  PB901: { check: 9, severity: 'error', title: 'Private data reaches a way out past DLP' },
  PB1001: { check: 10, severity: 'error', title: 'A component is given more than it asks for' },
  PB1002: { check: 10, severity: 'error', title: 'A blueprint grants more than the person did' },
} as const satisfies { readonly [code: string]: FindingRow };

/** One of the codes of {@link FINDING_CODES}. */
export type FindingCode = keyof typeof FINDING_CODES;

/** A finding with its code's own severity. */
export function toFinding(
  code: FindingCode,
  where: Where,
  message: string,
  more: Partial<Pick<Finding, 'path' | 'otherPath' | 'repair' | 'severity'>> = {},
): Finding {
  return { code, severity: FINDING_CODES[code].severity, where, message, path: [], ...more };
}
