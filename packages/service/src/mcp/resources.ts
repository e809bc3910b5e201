// Resources: agents of the operator with an address, or a template of addresses, called for what is there.
import { isSpecType, type ReadResourceResult } from '@modelcontextprotocol/server';
import { isJsonObject, type Json, type JsonObject, PypesError } from '@pypes/contract';
import type { NamedOffer, Offers, TemplateOffer } from './catalog/offers.ts';
import { DESCRIPTION_LENGTH, toPlainText } from './text.ts';

/** A resource, or a template of some, as it is listed. */
export function listResource(offer: NamedOffer | TemplateOffer): JsonObject {
  const { uri = '', media_type: mediaType } = offer.options;
  return {
    ...('template' in offer ? { uriTemplate: uri } : { uri }),
    name: offer.name,
    description: toPlainText(offer.entry.metadata.description, DESCRIPTION_LENGTH),
    ...(mediaType === undefined ? {} : { mimeType: mediaType }),
  };
}

/** The agent behind an address, and its arguments. */
export function findResource(
  offers: Offers,
  uri: string,
): { readonly offer: NamedOffer; readonly args: JsonObject } | undefined {
  const offer = offers.resources.get(uri);
  if (offer !== undefined) return { offer, args: {} };
  for (const candidate of offers.templates) {
    const variables = candidate.template.match(uri);
    if (variables !== null) return { offer: candidate, args: variables as JsonObject };
  }
  return undefined;
}

/** Contents from what an agent put out: a text, `{text}` or `{blob}` (base64), or `{contents}`. @throws PypesError */
export function toReadResult(output: Json, uri: string, { options }: NamedOffer): ReadResourceResult {
  const { media_type: mediaType } = options;
  const about = { uri, ...(mediaType === undefined ? {} : { mimeType: mediaType }) };
  if (typeof output === 'string') return { contents: [{ ...about, text: output }] };
  if (isJsonObject(output) && (typeof output.text === 'string' || typeof output.blob === 'string')) {
    return toContents({ contents: [{ ...about, ...output }] });
  }
  if (isJsonObject(output) && Array.isArray(output.contents)) return toContents(output);
  return { contents: [{ ...about, mimeType: mediaType ?? 'application/json', text: JSON.stringify(output) }] };
}

function toContents(result: unknown): ReadResourceResult {
  if (isSpecType.ReadResourceResult(result)) return result as ReadResourceResult;
  throw new PypesError('invalid_output', 'A resource has to put out a text, {text}, {blob} in base64, or {contents}');
}
