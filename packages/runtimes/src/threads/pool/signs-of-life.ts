// What tells a thread that works from one that is held by a single call: its claims and its answers to pings.

/** Ticks of the watch without any sign of the event loop, after which a thread counts as held. */
const STUCK_TICKS = 2;
const PING_TICKS = 3;
/** What a thread computes meanwhile that does not let go: one that gets little of a busy processor has not had a chance. */
const PING_CPU_MS = 50;
/** Without computing: it waits for something, and does not look either. */
const IDLE_PING_TICKS = 20;

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
    /** The one that is to be answered next, if any. */
    get awaited(): number | undefined {
      return sent === answered ? undefined : answered + 1;
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
    /** Counts one tick; whether an answer is overdue of a thread that has computed for so long since it was asked. */
    tick(computedMs: number): boolean {
      if (sent === answered || ++ticks <= PING_TICKS) return false;
      return computedMs >= PING_CPU_MS || ticks > IDLE_PING_TICKS;
    },
  };
}
