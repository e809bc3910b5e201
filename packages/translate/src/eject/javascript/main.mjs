// Alone: arguments as JSON, in one argument or on standard input; --agent prints AGENT.
if (typeof process === 'object' && import.meta.main) {
  (async () => {
    const { AGENT: agent, run: call } = await import(import.meta.url);
    const { existsSync, readFileSync, renameSync, writeFileSync } = await import('node:fs');
    const fail = (message) => {
      console.error(message);
      process.exitCode = 1;
    };
    const given = process.argv[2];
    if (given === '--agent') return console.log(JSON.stringify(agent));
    let args;
    try {
      const text = given ?? (process.stdin.isTTY ? '' : readFileSync(0, 'utf8'));
      args = JSON.parse(text.trim() || '{}');
    } catch (error) {
      return fail(`The arguments are no JSON (${error.message}); write them as '{"key": "value"}'`);
    }
    if (typeof args !== 'object' || args === null || Array.isArray(args)) {
      return fail(`The arguments have to be a JSON object: '{"key": "value"}'`);
    }
    const path = process.env.PYPES_MEMORY;
    let values = {};
    const read = () => (path && existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : values);
    const write = (next) => {
      values = next;
      if (!path) return;
      writeFileSync(`${path}.new`, JSON.stringify(next));
      renameSync(`${path}.new`, path);
    };
    const memory = {
      get: async (key) => read()[key] ?? null,
      set: async (key, value) => write({ ...read(), [key]: value }),
      delete: async (key) => {
        const { [key]: gone, ...rest } = read();
        write(rest);
        return gone !== undefined;
      },
      list: async (prefix = '') =>
        Object.keys(read())
          .filter((key) => key.startsWith(prefix))
          .sort(),
    };
    const known = {
      user_guid: null,
      pack_guid: '00000000-0000-4000-8000-000000000000',
      agent: agent?.name ?? '',
      run_id: crypto.randomUUID(),
      signal: new AbortController().signal,
      log: (level, message, data) =>
        console.error(`[${level}] ${message}`, ...(data === undefined ? [] : [JSON.stringify(data)])),
      progress: (fraction, message = '') => console.error(`[${Math.round(fraction * 100)} %] ${message}`),
      memory,
    };
    const context = new Proxy(known, {
      get(target, name) {
        if (Object.hasOwn(target, name) || typeof name === 'symbol' || name === 'then') return target[name];
        throw new Error(`context.${name} needs a host; run this file in Pypes`);
      },
    });
    console.log = console.info = console.error;
    try {
      const result = (await call(context, args)) ?? null;
      const text = JSON.stringify(result, (_, value) => {
        if (typeof value === 'number' && !Number.isFinite(value))
          throw new Error(`The result holds ${value}, JSON has only finite numbers`);
        if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
        return value;
      });
      process.stdout.write(`${text}\n`);
    } catch (error) {
      fail(error instanceof Error ? `${error.name}: ${error.message}` : String(error));
    }
  })();
}
