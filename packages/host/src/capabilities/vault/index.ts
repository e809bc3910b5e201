// The vault: secrets sealed with the operator's key, and what cuts them out of outputs.
export { createVaultKey, parseKeyMaterial, type VaultKey } from './key.ts';
export { createRedactor, type Redactor } from './redact.ts';
export { SECRET_TYPES, type SecretType } from './secret-rules.ts';
export { createVault, type OperatorVault, type SecretInfo, type VaultKeys, type VaultOptions } from './vault.ts';
