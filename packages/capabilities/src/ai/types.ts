// What the AI gateway is told and what it tells: providers, budgets and records, as data.

/** One model of a provider. */
export type AiModel = {
  readonly id: string;
  /** Another name that requests may use for it. */
  readonly alias?: string;
  /** Models (`provider/model` or aliases) to ask instead, in this order, where this one cannot answer. */
  readonly fallbacks?: readonly string[];
  /** Tokens that a request may ask for at most; also what one that does not say gets. */
  readonly max_output_tokens?: number;
};

/** Where models are. */
export type AiProvider = {
  readonly name: string;
  readonly kind: 'openai' | 'openai-compatible' | 'anthropic';
  /** Needed for openai-compatible. */
  readonly base_url?: string;
  /** Name of the secret in the vault that holds the key. */
  readonly key?: string;
  readonly models: readonly AiModel[];
};

/** How much one pack may use within one window of time. What is left out is not bounded. */
export type AiBudget = {
  readonly window: 'hour' | 'day';
  readonly requests?: number;
  readonly tokens?: number;
};

export type AiSettings = {
  readonly providers: readonly AiProvider[];
  /** The model of requests that name none; the first one where absent. */
  readonly default?: string;
  /** By pack guid; `*` stands for every pack that has none of its own. */
  readonly budgets?: { readonly [packGuid: string]: AiBudget };
  /** Milliseconds that one model may take. */
  readonly timeout_ms?: number;
};

/** One request, recorded. Never a text of it, never a key. */
export type AiRecord = {
  readonly time: string;
  readonly pack_guid: string;
  readonly agent: string;
  readonly run_id: string;
  /** The model that answered, or the last one that did not. */
  readonly model: string;
  readonly requested_model?: string;
  readonly latency_ms: number;
  readonly first_token_ms?: number;
  readonly prompt_tokens: number;
  readonly completion_tokens: number;
  readonly finish_reason?: string;
  readonly error?: string;
  /** How many models were asked before this one. */
  readonly fallbacks: number;
};
