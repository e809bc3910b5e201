// Languages that run at another endpoint: how the two sides sign what they say, and what they say.

export { parseLoadAnswer, parseRemoteAnswer, type RemoteLoadAnswer } from './answers.ts';
export { decodeBase64, encodeBase64 } from './base64.ts';
export { smallerLimits, toWireLimits } from './limits.ts';
export { createSignedPost, type SignedAnswer, type SignedPost } from './post.ts';
export { readLimited } from './read-limited.ts';
export {
  isRemotePath,
  mostAskBytes,
  mostRunBytes,
  parseAskRequest,
  parseLoadRequest,
  parseRunRequest,
  REMOTE_BASE,
  type RemoteAnswer,
  type RemoteAsk,
  type RemoteCallContext,
  type RemoteError,
  type RemoteFile,
  type RemoteLoad,
  type RemoteNote,
  type RemoteRun,
  toRemoteError,
} from './requests.ts';
export { importRemoteKey, type RemoteKey } from './sign/key.ts';
export { createNonceMemory, type NonceMemory } from './sign/nonces.ts';
export {
  checkRequest,
  readSignedBody,
  type SignedRequest,
  signAnswer,
  signRequest,
} from './sign/sign.ts';
