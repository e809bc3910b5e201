// Where a skill's text files travel when its component is the one layer: in the manifest, under its digest and signature.

/** The text of `manifest.toml`. */
export const MANIFEST_ANNOTATION = 'dev.pypes.manifest';
/** The text of `interface.wit`. */
export const INTERFACE_ANNOTATION = 'dev.pypes.interface';
