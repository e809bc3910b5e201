// What a context has read: a running agent, or a model's conversation, which joins everything that flows into it.
import { PypesError } from '@pypes/contract';
import type { DeclaredFlow } from './declared.ts';
import { joinLabels, type Labels, NO_LABELS } from './lattice.ts';
import { Sources } from './provenance/sources.ts';

/** One context. */
export class Context {
  #labels: Labels = NO_LABELS;
  readonly #spent = new Map<DeclaredFlow | 'unproven', number>();
  /** What a model's context read, word by word; a context without a prompt has none. */
  readonly sources: Sources | undefined;
  /** Why a call was stopped because of untrusted data. From then on the context is not believed. */
  stopped: string | undefined;

  constructor(sources: Sources | undefined) {
    this.sources = sources;
  }

  get labels(): Labels {
    return this.#labels;
  }

  join(labels: Labels): void {
    this.#labels = joinLabels(this.#labels, labels);
  }

  /** Bits that were spent on a declared flow, or on values that nothing proves. */
  spentOn(what: DeclaredFlow | 'unproven'): number {
    return this.#spent.get(what) ?? 0;
  }

  spend(what: DeclaredFlow | 'unproven', bits: number): void {
    if (bits > 0) this.#spent.set(what, this.spentOn(what) + bits);
  }
}

/** The contexts that are open. */
export interface Contexts {
  /**
   * Opens a context. With a prompt it is a model's: what the model puts into a call can be traced to what it read.
   *
   * @throws PypesError `conflict` where it is open, `resource_exhausted` where too many are
   */
  open(id: string, about?: { readonly prompt?: string; readonly labels?: Labels }): Context;
  /** @throws PypesError `not_found` where it is not open: what it has read is not known */
  of(id: string): Context;
  /** Something more that the person said. */
  say(id: string, prompt: string): void;
  /** Forgets a context. Calls that still come from it are refused. */
  close(id: string): void;
  readonly size: number;
}

/** Both are bounds of memory: words are those of each kind of source of one context. */
export type ContextsOptions = { readonly most?: number; readonly mostWords?: number };

const MOST_CONTEXTS = 100_000;
const MOST_WORDS = 100_000;

/**
 * Contexts in memory. None is dropped to make room: what it read would be forgotten, so that a new one is refused.
 *
 * @example
 * const contexts = createContexts();
 * contexts.open('chat 1', { prompt: 'Pay Jane at a@b.co' });
 */
export function createContexts(options: ContextsOptions = {}): Contexts {
  const { most = MOST_CONTEXTS, mostWords = MOST_WORDS } = options;
  const contexts = new Map<string, Context>();

  function find(id: string): Context {
    const context = contexts.get(id);
    if (context !== undefined) return context;
    throw new PypesError('not_found', `No context "${id}" is open; open it before its first call`);
  }

  function create(id: string, sources: Sources | undefined): Context {
    if (contexts.size >= most) {
      throw new PypesError('resource_exhausted', `${most} contexts are open; close those that have ended`, {
        details: { limit: 'contexts', maximum: most },
      });
    }
    const context = new Context(sources);
    contexts.set(id, context);
    return context;
  }

  return {
    open(id, { prompt, labels = NO_LABELS } = {}) {
      if (contexts.has(id)) throw new PypesError('conflict', `The context "${id}" is open already`);
      const context = create(id, prompt === undefined ? undefined : new Sources(mostWords));
      if (prompt !== undefined) context.sources?.prompt.add(prompt);
      context.join(labels);
      return context;
    },
    of: find,
    say(id, prompt) {
      const { sources } = find(id);
      if (sources === undefined) throw new PypesError('conflict', `The context "${id}" was opened without a prompt`);
      sources.prompt.add(prompt);
    },
    close: (id) => void contexts.delete(id),
    get size() {
      return contexts.size;
    },
  };
}
