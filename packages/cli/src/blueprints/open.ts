// A blueprint as `check` and `run` begin with it; what is worth a word goes to standard error.
import type { OpenedBlueprint } from '@pypes/service/blueprints';

/** @throws PypesError `invalid_request` where the file is not there, or is no blueprint: with every place */
export async function openBlueprint(file: string, root: string): Promise<OpenedBlueprint> {
  const { openBlueprint: open } = await import('@pypes/service/blueprints');
  return open(file, {
    root,
    log: ({ level, event, ...rest }) => {
      if (level === 'error' || level === 'warn') console.error(`${event} ${JSON.stringify(rest)}`);
    },
  });
}
