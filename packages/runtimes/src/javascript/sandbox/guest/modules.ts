// The modules that QuickJS may load: the prelude's own, until the agent's file comes; then none.

/** Inside, modules have names without a path of this machine. */
const SCHEME = 'sandbox:/';

/** The text of a module of the prelude, by its path below the sources of this package. */
export type TextOf = (path: string) => string;

/** What imports the driver. */
export const START_NAME = `${SCHEME}start`;

/** The module that the driver comes from; `extension` is that of this package's own modules. */
export const preludeName = (extension: string): string => `${SCHEME}javascript/sandbox/inside/prelude${extension}`;

/** A loader for one QuickJS; after `close` nothing can be imported, not even what is loaded already. */
export function createModuleLoader(textOf: TextOf) {
  let open = true;
  return {
    load: (name: string): string | { error: Error } =>
      open
        ? textOf(name.slice(SCHEME.length))
        : { error: new Error(`Nothing can be imported in the sandbox: "${name.slice(1)}"`) },
    resolve: (base: string, specifier: string): string => {
      if (!open) return `!${specifier}`;
      return base.startsWith(SCHEME) && specifier.startsWith('.') ? new URL(specifier, base).href : specifier;
    },
    close: () => {
      open = false;
    },
  };
}
