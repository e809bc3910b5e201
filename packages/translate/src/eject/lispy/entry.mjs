// How the program below is called: its arguments from JSON, its result as JSON, the host's functions by their names.
const program = compileProgram(SOURCE, { file: FILE });
const file = readAgentFile(SOURCE, { file: FILE });

export function run(context, args) {
  const bindings = toBindings(context ?? {});
  const instance = program.instantiate({ bindings });
  const { user_guid = null, pack_guid = null, agent = null, run_id = null } = context ?? {};
  const who = new LispyMap(
    new Map([
      ['user-guid', user_guid],
      ['user_guid', user_guid],
      ['pack-guid', pack_guid],
      ['pack_guid', pack_guid],
      ['agent', agent],
      ['run-id', run_id],
      ['run_id', run_id],
    ]),
  );
  const values = file.takesMap
    ? [fromJson(args)]
    : (file.runParameters ?? []).map((name) => fromJson(argumentOf(name, args)));
  const finish = (value) => {
    const output = toJson(value);
    return file.takesMap && output === null ? { status: 'ok' } : output;
  };
  const call = () => instance.call(instance.get(file.runName), [who, ...values]);
  return Promise.resolve(instance.run()).then(call).then(finish);
}

function argumentOf(name, args) {
  if (Object.hasOwn(args, name)) return args[name];
  const spelled = name.replaceAll('-', '_');
  return Object.hasOwn(args, spelled) ? args[spelled] : null;
}

function toBindings(context) {
  const writeLine = (args) => {
    const [level = 'info', message = '', data] = args.map((arg) => toJson(arg));
    context.log(level, typeof message === 'string' ? message : JSON.stringify(message), data);
    return null;
  };
  return {
    progress: (fraction, message) => context.progress(fraction, message) ?? null,
    'memory-get': (key) => context.memory.get(key),
    'memory-set': (key, value) => Promise.resolve(context.memory.set(key, value)).then(() => null),
    'memory-delete': (key) => context.memory.delete(key),
    'memory-list': (prefix) => context.memory.list(prefix ?? ''),
    call: (name, args) => context.call(name, args),
    'context-log': { signature: '(context-log level message [data])', raw: writeLine },
    log: {
      signature: '(log number [base]) or (log level message [data])',
      raw: (args) => (typeof args[0] === 'string' ? writeLine(args) : logarithm(args)),
    },
  };
}

function logarithm(args) {
  const numbers = args.map((arg) => (arg instanceof LispyFloat ? arg.value : Number(arg)));
  if (numbers.length === 0 || numbers.length > 2)
    throw new LispyError('arity', '(log number [base]) takes 1 or 2 arguments');
  const value = numbers.length === 1 ? Math.log(numbers[0]) : Math.log(numbers[0]) / Math.log(numbers[1]);
  if (!Number.isFinite(value)) throw new LispyError('arithmetic', `Result of log is not a finite number (${value})`);
  return Number.isInteger(value) ? new LispyFloat(value) : value;
}
