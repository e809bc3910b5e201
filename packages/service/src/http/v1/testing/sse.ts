// Server-sent events read as HTML says, apart from how the client reads them: what tests compare with.

export type Message = { readonly id: string; readonly data: string };

/** The messages of a whole body. A browser keeps the last id for messages that have none. */
export function parseSse(body: string): readonly Message[] {
  const messages: Message[] = [];
  let id = '';
  for (const block of body.split(/(?:\r\n|\r|\n){2}/)) {
    const fields = block.split(/\r\n|\r|\n/).map((line) => /^([^:]*):? ?(.*)$/s.exec(line) ?? []);
    const data = fields.filter(([, name]) => name === 'data').map(([, , value = '']) => value);
    id = fields.findLast(([, name]) => name === 'id')?.[2] ?? id;
    if (data.length > 0) messages.push({ id, data: data.join('\n') });
  }
  return messages;
}
