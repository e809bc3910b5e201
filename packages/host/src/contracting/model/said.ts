// What a person said in so many words, against what a model made up or read somewhere.

const ADDRESS = /[^\s@]@[^\s@]|:\/\/|\bwww\.|\b[\p{L}\p{N}-]+\.\p{L}{2,}|\+?\d[\d ()/-]{6,}\d/iu;
const SHORTEST = 2;

/** Whether a text leads somewhere: an address of mail, a host, a number to call. */
export function isAddress(text: string): boolean {
  return ADDRESS.test(text.normalize('NFKC'));
}

/**
 * Whether a text stands in what a person said, as words of its own.
 *
 * @example
 * isSaid('me@example.com', ['mail it to me@example.com']); // true
 * isSaid('me@example.com', ['mail it to some@example.com']); // false
 */
export function isSaid(text: string, said: readonly string[]): boolean {
  const wanted = text.trim().toLowerCase();
  if (wanted.length < SHORTEST) return false;
  return said.some((words) => {
    const all = words.toLowerCase();
    for (let at = all.indexOf(wanted); at !== -1; at = all.indexOf(wanted, at + 1)) {
      const rest = all.slice(at + wanted.length);
      if (isEdge(all.charAt(at - 1)) && isEnd(rest)) return true;
    }
    return false;
  });
}

function isEdge(letter: string): boolean {
  return letter === '' || !/[\p{L}\p{N}._%+@/:-]/u.test(letter);
}

/** A full stop ends a sentence where nothing follows it; in `example.com.evil.net` it does not. */
function isEnd(rest: string): boolean {
  return /^(?:[.:]?(?:\s|$)|[^\p{L}\p{N}._%+@/:-])/u.test(rest);
}
