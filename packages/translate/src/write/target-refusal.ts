// What a target cannot say, found while writing it: becomes a verdict of the whole file.

export class TargetRefusal extends Error {
  override readonly name = 'TargetRefusal';
  readonly construct: string;
  constructor(construct: string, why: string) {
    super(why);
    this.construct = construct;
  }
}
