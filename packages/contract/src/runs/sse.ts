// Server-sent events, read: bytes in any pieces become messages, and half a message is none (HTML, server-sent events).

/** One thing that arrived. A comment is a sign of life: it has nothing. */
export type SseMessage = { readonly id?: string; readonly data?: string; readonly retryMs?: number };

/**
 * The messages of a body, each as soon as the blank line behind it is there. What was begun when the body ends is
 * dropped.
 */
export async function* readSse(body: ReadableStream<Uint8Array>): AsyncGenerator<SseMessage> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  const lines = createLines();
  let message: SseMessage = {};
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      for (const line of lines.push(decoder.decode(value, { stream: true }))) {
        if (line === '') {
          yield message;
          message = {};
        } else message = withLine(message, line);
      }
    }
  } finally {
    // Whoever stops reading lets go of the connection.
    await reader.cancel().catch(() => undefined);
  }
}

/** Cuts a text that arrives in pieces at LF, CR and CRLF. */
function createLines(): { push(piece: string): readonly string[] } {
  let rest = '';
  let endedWithCr = false;
  return {
    push(piece) {
      // The second half of a CRLF whose first half ended the piece before.
      const text = endedWithCr && piece.startsWith('\n') ? piece.slice(1) : piece;
      if (piece !== '') endedWithCr = piece.endsWith('\r');
      if (!/[\r\n]/.test(text)) {
        rest += text;
        return [];
      }
      const lines = (rest + text).split(/\r\n|\r|\n/);
      rest = lines.pop() ?? '';
      return lines;
    },
  };
}

function withLine(message: SseMessage, line: string): SseMessage {
  const at = line.indexOf(':');
  const name = at < 0 ? line : line.slice(0, at);
  const value = at < 0 ? '' : line.slice(line[at + 1] === ' ' ? at + 2 : at + 1);
  if (name === 'id') return { ...message, id: value };
  if (name === 'data') return { ...message, data: message.data === undefined ? value : `${message.data}\n${value}` };
  if (name === 'retry' && /^\d{1,7}$/.test(value)) return { ...message, retryMs: Number(value) };
  return message;
}
