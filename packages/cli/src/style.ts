// Colour and tables for people; plain text where the output is no terminal.
import { styleText } from 'node:util';

type Format = Parameters<typeof styleText>[0];

/** Text in a colour, where the terminal has colours. */
export function style(format: Format, text: string): string {
  return styleText(format, text, { stream: process.stdout });
}

/** Rows as aligned columns; the last column is cut to the terminal's width. */
export function toTable(rows: readonly (readonly string[])[]): string {
  const count = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: count }, (_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const columns = process.stdout.isTTY ? process.stdout.columns : Number.POSITIVE_INFINITY;
  return rows
    .map((row) =>
      cut(
        row.map((cell, index) => cell.padEnd(index === row.length - 1 ? 0 : (widths[index] ?? 0))).join('  '),
        columns,
      ),
    )
    .join('\n');
}

function cut(line: string, columns: number): string {
  return line.length <= columns ? line : `${line.slice(0, Math.max(1, columns - 1))}…`;
}
