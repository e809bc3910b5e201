// The models of the gateway by the names that requests use, and the AI SDK's model behind each.
import { createAnthropic } from '@ai-sdk/anthropic';
import { createOpenAI } from '@ai-sdk/openai';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { PypesError, type Vault } from '@pypes/contract';
import type { LanguageModel } from 'ai';
import type { AiModel, AiProvider, AiSettings } from './types.ts';

/** One model that can be asked. */
export type KnownModel = { readonly id: string; readonly provider: AiProvider; readonly model: AiModel };

export type Models = {
  readonly list: readonly KnownModel[];
  /** The model and its fallbacks, in order. @throws PypesError `not_found` */
  find(name: string | undefined): readonly KnownModel[];
  /** @throws PypesError where the vault does not give the key */
  open(known: KnownModel): Promise<LanguageModel>;
};

export function createModels(settings: AiSettings, vault: Vault, fetch: typeof globalThis.fetch): Models {
  const list = settings.providers.flatMap((provider) =>
    provider.models.map((model): KnownModel => ({ id: `${provider.name}/${model.id}`, provider, model })),
  );
  const byName = new Map<string, KnownModel>();
  for (const known of list) {
    byName.set(known.id, known);
    if (known.model.alias !== undefined) byName.set(known.model.alias, known);
  }

  function one(name: string): KnownModel {
    const known = byName.get(name);
    if (known !== undefined) return known;
    const names = list.map(({ id }) => id).join(', ');
    throw new PypesError('not_found', `There is no model "${name}"; there are ${names}`, {
      details: { available: list.map(({ id }) => id) },
    });
  }

  return {
    list,
    find(name) {
      const first = one(name ?? settings.default ?? list[0]?.id ?? '');
      return [first, ...(first.model.fallbacks ?? []).map(one)];
    },
    async open({ provider, model }) {
      const key = provider.key === undefined ? undefined : await vault.open(provider.key);
      const base = { fetch, ...(provider.base_url === undefined ? {} : { baseURL: provider.base_url }) };
      switch (provider.kind) {
        case 'anthropic':
          return createAnthropic({ ...base, apiKey: key ?? 'none' })(model.id);
        case 'openai':
          return createOpenAI({ ...base, apiKey: key ?? 'none' }).chat(model.id);
        case 'openai-compatible':
          return createOpenAICompatible({
            ...base,
            name: provider.name,
            baseURL: provider.base_url ?? '',
            includeUsage: true,
            supportsStructuredOutputs: true,
            ...(key === undefined ? {} : { apiKey: key }),
          }).chatModel(model.id);
      }
    },
  };
}
