// Outputs and errors of agents as results of tools.
import { type CallToolResult, isSpecType, ProtocolError, ProtocolErrorCode } from '@modelcontextprotocol/server';
import { type ErrorCode, isJsonObject, type Json, type JsonObject, PypesError, toPypesError } from '@pypes/contract';
import type { ToolOffer } from '../catalog/offers.ts';
import { toPlainText } from '../text.ts';

/** The pack's own fault, or ours: nothing that a model could do better at its next try. */
const PROTOCOL_ERRORS: ReadonlySet<ErrorCode> = new Set([
  'agent_broken',
  'internal',
  'invalid_output',
  'output_too_large',
]);
const MOST_ERROR = 8_192;
const MOST_BLOCKS = 1_000;

/** A result from what an agent put out. @throws PypesError `invalid_output` */
export function toToolResult(output: Json, { options, definition }: ToolOffer): CallToolResult {
  if (options.content) return fromContent(output);
  const text = typeof output === 'string' ? output : JSON.stringify(output);
  const content: CallToolResult['content'] = [{ type: 'text', text }];
  if (definition.outputSchema === undefined) return { content };
  if (definition.wrapped)
    return { content, structuredContent: { result: output } as CallToolResult['structuredContent'] };
  return { content, structuredContent: output as CallToolResult['structuredContent'] };
}

/** What a call failed with, as something that a model can read and act on. @throws ProtocolError for the rest */
export function toErrorResult(error: unknown): CallToolResult {
  const { code, message, details } = toPypesError(error);
  if (PROTOCOL_ERRORS.has(code))
    throw new ProtocolError(ProtocolErrorCode.InternalError, toPlainText(message, MOST_ERROR), { code });
  const errors = Array.isArray(details?.errors) ? (details.errors as readonly JsonObject[]) : [];
  const lines = errors.map(
    ({ path, message: what }) => `- ${path === '' ? 'the arguments' : String(path)} ${String(what)}`,
  );
  return { content: [{ type: 'text', text: toPlainText([message, ...lines].join('\n'), MOST_ERROR) }], isError: true };
}

function fromContent(output: Json): CallToolResult {
  const whole: JsonObject = isJsonObject(output) && output.type === undefined ? output : { content: output };
  const { content, is_error: isError, structured } = whole;
  const blocks = Array.isArray(content) ? content : [content];
  if (blocks.length > MOST_BLOCKS || !blocks.every(isBlock)) {
    throw new PypesError(
      'invalid_output',
      'The agent says that it puts out MCP content, and what it put out is none: a block, a list of blocks, or {content}',
    );
  }
  return {
    content: blocks as CallToolResult['content'],
    ...(isJsonObject(structured) ? { structuredContent: structured as CallToolResult['structuredContent'] } : {}),
    ...(isError === true ? { isError } : {}),
  };
}

/** Pictures are pictures and sounds are sounds: a client shows them by what they say they are. */
function isBlock(block: unknown): boolean {
  if (!isSpecType.ContentBlock(block)) return false;
  if (block.type === 'image') return /^image\/(png|jpeg|gif|webp|avif|bmp)$/.test(block.mimeType);
  if (block.type === 'audio') return /^audio\/[a-z0-9.+-]{1,64}$/.test(block.mimeType);
  return true;
}
