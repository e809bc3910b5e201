// The environment that guests with the power of the machine get: the host's own, without the host's own secrets.

const SECRET = /^PYPES_(VAULT_|TOKEN|REMOTE_KEY)/;

/** A copy; what a guest changes in it changes nothing here. */
export function guestEnvironment(): { [name: string]: string | undefined } {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !SECRET.test(name)));
}
