// The door at which other hosts run files of languages that they lack.
export { createRemoteDoor, type RemoteDoor } from './door.ts';
