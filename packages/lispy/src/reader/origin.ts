/** Where forms come from: offsets into a source text, turned into lines and columns only when somebody asks. */
import type { SourcePlace } from '../errors.ts';

/** A source text with the table that finds lines. */
export class SourceText {
  readonly file: string;
  readonly text: string;
  #lines: number[] | undefined;

  constructor(text: string, file: string) {
    this.text = text;
    this.file = file;
  }

  place(offset: number): SourcePlace {
    this.#lines ??= lineStarts(this.text);
    let low = 0;
    let high = this.#lines.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (this.#lines[middle]! <= offset) low = middle;
      else high = middle;
    }
    return { file: this.file, line: low + 1, column: offset - this.#lines[low]! + 1 };
  }
}

const lineStarts = (text: string): number[] => {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
};

/** Which brackets a list form was written in: `()`, `[]` or `{}`. */
export type Brackets = 'list' | 'vector' | 'map';

/** Where a list form was read, and where each of its items was. */
export class Origin {
  readonly source: SourceText;
  readonly offset: number;
  readonly brackets: Brackets;
  readonly items: readonly number[];
  /** Whether a map literal or a dot lies inside, so that quoting must build maps and pairs. */
  readonly structured: boolean;

  constructor(source: SourceText, offset: number, brackets: Brackets, items: readonly number[], structured: boolean) {
    this.source = source;
    this.offset = offset;
    this.brackets = brackets;
    this.items = items;
    this.structured = structured;
  }

  place(): SourcePlace {
    return this.source.place(this.offset);
  }

  itemPlace(index: number): SourcePlace {
    return this.source.place(this.items[index] ?? this.offset);
  }
}
