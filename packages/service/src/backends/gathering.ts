// Requests of one turn of Node's event loop, gathered before their calls run.

/** A function whose promise resolves at the end of the turn; all who ask in one turn get the same one. */
export function createGathering(): () => Promise<void> {
  let turn: Promise<void> | undefined;
  return () => {
    turn ??= new Promise((ended) => {
      setImmediate(() => {
        turn = undefined;
        ended();
      });
    });
    return turn;
  };
}
