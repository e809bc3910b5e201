// The SDK's server, through which results pass that it does not know: calls that became tasks.
import {
  type CallToolResult,
  type InputRequiredResult,
  type JSONRPCRequest,
  type Result,
  Server,
  type ServerContext,
} from '@modelcontextprotocol/server';
import type { JsonObject } from '@pypes/contract';

/** A result of `tools/call` that is handed on as it is. */
export class RawResult {
  readonly body: JsonObject;

  constructor(body: JsonObject) {
    this.body = body;
  }
}

type Wrapped = (request: JSONRPCRequest, context: ServerContext) => Promise<Result>;
type ToolResult = CallToolResult | InputRequiredResult;

const STAND_IN: CallToolResult = { content: [] };

/** A server whose handler of `tools/call` may return a {@link RawResult} in the place of a result. */
export class ProtocolServer extends Server {
  /** What handlers return in the place of a raw result. */
  readonly #raw = new WeakMap<object, RawResult>();

  /** The result as a handler may return it. */
  allow(result: ToolResult | RawResult): ToolResult {
    if (!(result instanceof RawResult)) return result;
    const standIn = { ...STAND_IN };
    this.#raw.set(standIn, result);
    return standIn;
  }

  protected override _wrapHandler(method: string, handler: Wrapped): Wrapped {
    if (method !== 'tools/call') return super._wrapHandler(method, handler);
    return async (request, context) => {
      let raw: RawResult | undefined;
      const checked = super._wrapHandler(method, async (again, within) => {
        const result = await handler(again, within);
        raw = this.#raw.get(result);
        return result;
      });
      const result = await checked(request, context);
      return raw === undefined ? result : (raw.body as typeof result);
    };
  }
}
