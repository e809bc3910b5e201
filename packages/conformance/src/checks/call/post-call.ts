// What the checks of calls send where a call is not just a call.
import type { Deployed, Subject } from '../../subject/subject.ts';
import type { Answer } from '../../transport/transport.ts';

/** A body of any kind, where calls go. */
export const postCall = (subject: Subject, pack: Deployed, body: unknown): Promise<Answer> =>
  subject.send(`/api/pack/${pack.guid}/agent`, { method: 'POST', body });
