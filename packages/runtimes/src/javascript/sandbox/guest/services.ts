// What QuickJS asks of its thread and gets at once: texts in, a text or nothing out, no I/O.

/** Undefined where the text is not what the service takes. */
export function answerSync(service: string, text: string): string | undefined {
  try {
    switch (service) {
      case 'atob':
        return atob(text);
      case 'btoa':
        return btoa(text);
      case 'uuid':
        return crypto.randomUUID();
      case 'url':
        return toParts(...(JSON.parse(text) as [string, string | null]));
      default:
        return undefined;
    }
  } catch {
    return undefined;
  }
}

function toParts(text: string, base: string | null): string {
  const { href, origin, protocol, host, hostname, port, pathname, search, hash } = new URL(text, base ?? undefined);
  return JSON.stringify({ href, origin, protocol, host, hostname, port, pathname, search, hash });
}
