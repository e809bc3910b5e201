// A negotiation as JSON, for programs.
import type { Json, JsonObject } from '@pypes/contract';
import type { Outcome } from './doors.ts';

/** Keys as on the wire. */
export function toFacts(wish: string, { drafted, notes, unmet, questions, offers }: Outcome): JsonObject {
  const facts = {
    wish,
    looked_at: offers.map(({ title }) => title),
    notes,
    unmet,
    questions,
    ...(drafted === undefined
      ? {}
      : {
          drafted_by: drafted.by,
          blueprint: drafted.text,
          proven: drafted.isProven,
          findings: drafted.checked.findings,
          problems: drafted.checked.problems,
          repairs: drafted.repairs,
          releases_wanted: drafted.refused,
          open: drafted.open.map(({ name, schema, destination, required }) => ({
            name,
            schema: schema ?? null,
            destination,
            required,
          })),
          components: drafted.explanation.components.map(({ offer, permissions, grants }) => ({
            name: offer.name,
            ...offer.reference,
            origin: offer.origin,
            signers: offer.signers,
            permissions,
            grants,
          })),
          ways_out: drafted.explanation.waysOut,
          blind_spots: drafted.explanation.blindSpots,
          ...(drafted.words === undefined ? {} : { model_says: drafted.words }),
        }),
  };
  return JSON.parse(JSON.stringify(facts)) as Json as JsonObject;
}
