// Why an answer of a model is not used.

/** What is wrong with an answer; each problem is a sentence for a person, and for the model's second try. */
export class ModelRefusal extends Error {
  override readonly name = 'ModelRefusal';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join('; '));
    this.problems = problems;
  }
}
