// Guids: packs and users are known by UUIDs; anything else means "nobody in particular" (spec 2, memory).

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/**
 * A UUID in its one spelling (trimmed, lower case), or undefined for anything that is none. The anonymous sentinel of
 * older clients, `c0p110t0-aaaa-bbbb-cccc-123456789abc`, is no UUID and therefore nobody.
 *
 * @example
 * toGuid(' 1B4E28BA-2FA1-41D2-883F-0016D3CCA427 '); // '1b4e28ba-2fa1-41d2-883f-0016d3cca427'
 */
export function toGuid(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  const guid = value.trim().toLowerCase();
  return UUID.test(guid) ? guid : undefined;
}
