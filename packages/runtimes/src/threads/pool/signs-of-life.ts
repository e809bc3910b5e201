// What tells a thread that works from one that is held by a single call: its claims and its answers to pings.

/** Ticks of the watch without any sign of the event loop, after which a thread counts as held. */
const STUCK_TICKS = 2;
const PING_TICKS = 3;

/** Watches, tick by tick, how the thread takes the calls that were sent to it. */
export function createClaimWatch() {
  let stuckTicks = 0;
  let claimedBefore = 0;
  /** The last number sent, two ticks ago and one tick ago. */
  let sentBefore: readonly [number, number] = [0, 0];
  return {
    /**
     * stuck: calls wait and none was taken for two ticks · crowded: calls are taken, but some have waited for two ticks.
     */
    tick(claimed: number, sent: number): 'fine' | 'stuck' | 'crowded' {
      stuckTicks = claimed !== sent && claimed === claimedBefore ? stuckTicks + 1 : 0;
      const crowded = claimed < sentBefore[0];
      sentBefore = [sentBefore[1], sent];
      claimedBefore = claimed;
      if (stuckTicks >= STUCK_TICKS) return 'stuck';
      return crowded ? 'crowded' : 'fine';
    },
    /** After the thread was opened again, nothing of before counts. */
    reset(sent: number): void {
      stuckTicks = 0;
      claimedBefore = sent;
      sentBefore = [sent, sent];
    },
  };
}

/** Pings on their way, answered by the thread's event loop in their order. */
export function createPings() {
  let sent = 0;
  let answered = 0;
  let ticks = 0;
  return {
    get pending(): boolean {
      return sent !== answered;
    },
    /** The number of a new ping. */
    next(): number {
      if (sent === answered) ticks = 0;
      return ++sent;
    },
    answer(ping: number): void {
      answered = ping;
      ticks = 0;
    },
    /** Counts one tick; whether an answer is overdue. */
    tick(): boolean {
      return sent !== answered && ++ticks > PING_TICKS;
    },
  };
}
