// Labels of the guard, by one door: the only file of the runs that knows where they are.
export {
  allLabels,
  type FieldLabels,
  hasMark,
  isWithin,
  joinLabels,
  type Labels,
  markOf,
  NO_LABELS,
  placeFields,
  toStep,
  withoutMark,
} from '../../../../guard/src/flow/lattice.ts';
