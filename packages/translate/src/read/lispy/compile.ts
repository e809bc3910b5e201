// Forms of LisPy as statements and expressions of the intermediate form.
import {
  apply,
  bool,
  call,
  declare,
  give,
  lambda,
  list,
  loop,
  nil,
  not,
  run,
  set,
  name as variable,
  when,
} from '../../ir/build.ts';
import type { Expr, Func, Stmt } from '../../ir/types.ts';
import type { Refusals } from '../../verdict.ts';
import { type Code, combine, either, inOrder, isBoolean, keep, plain } from '../code.ts';
import { BUILTINS, CALLS_WITH, SPREAD } from './builtins.ts';
import { bracketsOf, constantOf, type Form, itemsOf, nameOf } from './forms.ts';

export type TopLevel = Map<string, { readonly kind: 'global' } | { readonly kind: 'function'; readonly arity: number }>;

/** Where a value goes: out of the function, or into a variable and out of the loop around it. */
type Target = { readonly into: string | undefined; readonly leave: boolean };
/** A loop that its name jumps to: a named let, or the function itself. */
type Jump = { readonly name: string; readonly variables: readonly string[]; readonly inner: Jump | undefined };
type Scope = { readonly names: ReadonlySet<string>; readonly jump: Jump | undefined };

const RETURN: Target = { into: undefined, leave: false };

export function createCompiler(top: TopLevel, refusals: Refusals, fresh: () => string) {
  const isLocal = (name: string, scope: Scope): boolean => scope.names.has(name);
  const withNames = (scope: Scope, names: readonly string[], jump = scope.jump): Scope => ({
    names: new Set([...scope.names, ...names]),
    jump: jump !== undefined && names.includes(jump.name) && jump === scope.jump ? undefined : jump,
  });

  const refuse = (form: Form, construct: string, why: string): Code => {
    refusals.add(form, construct, why);
    return plain(nil);
  };

  const parameters = (forms: readonly Form[]): string[] =>
    forms.flatMap((form) => {
      const name = nameOf(form);
      if (name === '&' || name === '.' || name === undefined) {
        refusals.add(form, 'parameters', 'A procedure has to have a fixed number of named parameters');
        return [];
      }
      return [name];
    });

  /** A function at the top; where it calls itself last, that is a loop. */
  const define = (name: string, params: readonly Form[], body: readonly Form[]): Func => {
    const names = parameters(params);
    return { name, params: names, body: looped(name, names, body, { names: new Set(), jump: undefined }) };
  };

  /** A body whose calls of `name` in the last place start it again. */
  const looped = (name: string, names: readonly string[], body: readonly Form[], scope: Scope): Stmt[] => {
    const own = withNames(scope, names);
    const jump: Jump = { name, variables: names.map((param) => `${param} next`), inner: undefined };
    const jumping = block(body, { ...own, jump }, RETURN);
    if (!hasContinue(jumping)) return block(body, { ...own, jump: undefined }, RETURN);
    return [
      ...names.map((param, index) => declare(jump.variables[index] ?? '', variable(param))),
      loop(bool(true), [
        ...names.map((param, index) => declare(param, variable(jump.variables[index] ?? ''))),
        ...jumping,
      ]),
    ];
  };

  const finish = (code: Code, target: Target): Stmt[] => {
    if (target.into === undefined) return [...code.pre, give(code.value)];
    return [...code.pre, set(target.into, code.value), ...(target.leave ? [{ kind: 'break' } as const] : [])];
  };

  /** The forms of a body, inner definitions included. */
  const block = (forms: readonly Form[], scope: Scope, target: Target): Stmt[] => {
    const [form, ...rest] = forms;
    if (form === undefined) return finish(plain(nil), target);
    const items = itemsOf(form) ?? [];
    const word = nameOf(items[0]);
    if ((word === 'define' || word === 'def' || word === 'defn') && !isLocal(word, scope)) {
      const [name, made] = innerDefinition(form, items, scope);
      return [...made, ...block(rest, withNames(scope, [name]), target)];
    }
    if (rest.length === 0) return tail(form, scope, target);
    const { pre, value } = expression(form, { ...scope, jump: undefined });
    return [...pre, run(value), ...block(rest, scope, target)];
  };

  const innerDefinition = (form: Form, items: readonly Form[], scope: Scope): [string, Stmt[]] => {
    const signature =
      nameOf(items[0]) === 'defn'
        ? [items[1] as Form, ...(itemsOf(items[2] as Form) ?? [])]
        : itemsOf(items[1] as Form);
    const name = nameOf(signature === undefined ? items[1] : signature[0]);
    if (name === undefined) {
      refusals.add(form, 'define', 'This definition has no name');
      return ['', []];
    }
    if (signature === undefined) {
      const { pre, value } = expression(items[2] ?? (items[1] as Form), {
        ...withNames(scope, [name]),
        jump: undefined,
      });
      return [name, [...pre, declare(name, value)]];
    }
    const params = parameters(signature.slice(1));
    const body = items.slice(nameOf(items[0]) === 'defn' ? 3 : 2);
    return [name, [declare(name, lambda(params, looped(name, params, body, withNames(scope, [name]))))]];
  };

  /** A form in the last place: its value goes to the target. */
  const tail = (form: Form, scope: Scope, target: Target): Stmt[] => {
    const items = itemsOf(form);
    const word = nameOf(items?.[0]);
    if (items === undefined || word === undefined || isLocal(word, scope)) {
      if (word !== undefined && items !== undefined) {
        const jumped = jumpTo(word, items.slice(1), scope);
        if (jumped !== undefined) return jumped;
      }
      return finish(expression(form, scope), target);
    }
    const jumped = jumpTo(word, items.slice(1), scope);
    if (jumped !== undefined) return jumped;
    const special = TAIL.get(word);
    return special === undefined ? finish(expression(form, scope), target) : special(form, items, scope, target);
  };

  const jumpTo = (word: string, args: readonly Form[], scope: Scope): Stmt[] | undefined => {
    const { jump } = scope;
    if (jump === undefined || jump.name !== word || args.length !== jump.variables.length) return undefined;
    const { pre, values } = inOrder(
      args.map((arg) => expression(arg, { ...scope, jump: undefined })),
      fresh,
    );
    const kept = values.map((value) => (value.kind === 'name' || jump.variables.length === 1 ? undefined : fresh()));
    return [
      ...pre,
      ...values.flatMap((value, index) => (kept[index] === undefined ? [] : [declare(kept[index] ?? '', value)])),
      ...values.map((value, index) =>
        set(jump.variables[index] ?? '', kept[index] === undefined ? value : variable(kept[index] ?? '')),
      ),
      { kind: 'continue' },
    ];
  };

  const test = (form: Form, scope: Scope): Code => {
    const code = expression(form, { ...scope, jump: undefined });
    return { pre: code.pre, value: isBoolean(code.value) ? code.value : call('lispy_true', code.value) };
  };

  type Tail = (form: Form, items: readonly Form[], scope: Scope, target: Target) => Stmt[];
  const choice: Tail = (_form, items, scope, target) => {
    const { pre, value } = test(items[1] as Form, scope);
    const no = items[3] === undefined ? finish(plain(nil), target) : tail(items[3], scope, target);
    return [...pre, when(value, tail(items[2] as Form, scope, target), no)];
  };
  const guarded =
    (wanted: boolean): Tail =>
    (_form, items, scope, target) => {
      const { pre, value } = test(items[1] as Form, scope);
      const [yes, no] = [block(items.slice(2), scope, target), finish(plain(nil), target)];
      return [...pre, wanted ? when(value, yes, no) : when(value, no, yes)];
    };
  const sequence: Tail = (_form, items, scope, target) => block(items.slice(1), scope, target);

  const cond: Tail = (form, items, scope, target) => {
    const clauses = clausesOf(form, items, scope);
    const chain = (index: number): Stmt[] => {
      const clause = clauses[index];
      if (clause === undefined) return finish(plain(nil), target);
      if (isElse(clause.test)) return block(clause.body, scope, target);
      if (clause.body.length === 0) {
        const kept = keep(expression(clause.test, { ...scope, jump: undefined }), fresh);
        return [...kept.pre, when(call('lispy_true', kept.value), finish(plain(kept.value), target), chain(index + 1))];
      }
      if (nameOf(clause.body[0]) === '=>') refusals.add(form, '=>', 'Write the test and its use as let and if');
      const { pre, value } = test(clause.test, scope);
      return [...pre, when(value, block(clause.body, scope, target), chain(index + 1))];
    };
    return chain(0);
  };

  const clausesOf = (
    form: Form,
    items: readonly Form[],
    scope: Scope,
  ): { readonly test: Form; readonly body: readonly Form[] }[] => {
    const rest = items.slice(1);
    const isFlat =
      rest.length % 2 === 0 &&
      rest.length > 0 &&
      (rest.some((item) => (itemsOf(item)?.length ?? 0) === 0 || bracketsOf(item) !== 'list') ||
        rest.every((item) => {
          const parts = itemsOf(item) ?? [];
          const head = nameOf(parts[0]);
          return head !== undefined && parts.length > 1 && head !== 'else' && !isLocal(head, scope);
        }));
    if (isFlat)
      return rest.flatMap((item, index) => (index % 2 === 0 ? [{ test: item, body: [rest[index + 1] as Form] }] : []));
    return rest.flatMap((item) => {
      const parts = itemsOf(item);
      if (parts !== undefined && parts[0] !== undefined) return [{ test: parts[0], body: parts.slice(1) }];
      refusals.add(form, 'cond', 'A clause has to be (test value)');
      return [];
    });
  };
  const isElse = (form: Form): boolean => form.value === 'else' || form.value === true || nameOf(form) === 'else';

  const letForm =
    (parallel: boolean): Tail =>
    (form, items, scope, target) => {
      const named = nameOf(items[1]);
      if (named !== undefined)
        return namedLet(form, named, bindingsOf(items[2] as Form), items.slice(3), scope, target);
      const bindings = bindingsOf(items[1] as Form);
      if (!parallel) {
        let within = scope;
        const made: Stmt[] = [];
        for (const { name, value } of bindings) {
          const code = expression(value, { ...within, jump: undefined });
          made.push(...code.pre, declare(name, code.value));
          within = withNames(within, [name]);
        }
        return scoped([...made, ...block(items.slice(2), within, target)]);
      }
      const { pre, values } = inOrder(
        bindings.map(({ value }) => expression(value, { ...scope, jump: undefined })),
        fresh,
      );
      const kept = bindings.length === 1 ? [] : values.map(() => fresh());
      return scoped([
        ...pre,
        ...kept.map((name, index) => declare(name, values[index] ?? nil)),
        ...bindings.map(({ name }, index) =>
          declare(name, kept[index] === undefined ? (values[index] ?? nil) : variable(kept[index] ?? '')),
        ),
        ...block(
          items.slice(2),
          withNames(
            scope,
            bindings.map(({ name }) => name),
          ),
          target,
        ),
      ]);
    };

  const letrec: Tail = (form, items, scope, target) => {
    const bindings = bindingsOf(items[1] as Form);
    if (bindings.length > 1) refusals.add(form, 'letrec', 'Only one procedure can be bound at a time');
    const within = withNames(
      scope,
      bindings.map(({ name }) => name),
    );
    const made = bindings.flatMap(({ name, value }) => {
      const code = expression(value, { ...within, jump: undefined });
      return [...code.pre, declare(name, code.value)];
    });
    return scoped([...made, ...block(items.slice(2), within, target)]);
  };

  const bindingsOf = (form: Form): { readonly name: string; readonly value: Form }[] => {
    const items = itemsOf(form) ?? [];
    const pairs: (readonly [Form | undefined, Form | undefined])[] = items.every(
      (item) => bracketsOf(item) === 'list' && (itemsOf(item)?.length ?? 0) === 2 && bracketsOf(form) === 'list',
    )
      ? items.map((item) => [itemsOf(item)?.[0], itemsOf(item)?.[1]])
      : items.flatMap((item, index) => (index % 2 === 0 ? [[item, items[index + 1]] as const] : []));
    return pairs.flatMap(([target, value]) => {
      const name = nameOf(target);
      if (name !== undefined && value !== undefined) return [{ name, value }];
      refusals.add(form, 'let', 'A binding has to be a name and a value');
      return [];
    });
  };

  /** As a loop where the name is only jumped to, else as a procedure. */
  const namedLet = (
    form: Form,
    name: string,
    bindings: readonly { readonly name: string; readonly value: Form }[],
    body: readonly Form[],
    scope: Scope,
    target: Target,
  ): Stmt[] => {
    const { pre, values } = inOrder(
      bindings.map(({ value }) => expression(value, { ...scope, jump: undefined })),
      fresh,
    );
    const names = bindings.map((binding) => binding.name);
    const jump: Jump = { name, variables: names.map((bound) => `${bound} next`), inner: undefined };
    const within: Scope = { names: new Set([...scope.names, ...names].filter((known) => known !== name)), jump };
    const inside: Target = target.into === undefined ? RETURN : { into: target.into, leave: true };
    const turns = block(body, within, inside);
    if (usesName(turns, name)) {
      refusals.add(form, `let ${name}`, 'A named let has to call its own name in the last place only');
    }
    return scoped([
      ...pre,
      ...values.map((value, index) => declare(jump.variables[index] ?? '', value)),
      loop(bool(true), [
        ...names.map((bound, index) => declare(bound, variable(jump.variables[index] ?? ''))),
        ...turns,
      ]),
      ...(target.into !== undefined && target.leave ? [{ kind: 'break' } as const] : []),
    ]);
  };

  const TAIL: ReadonlyMap<string, Tail> = new Map<string, Tail>([
    ['if', choice],
    ['when', guarded(true)],
    ['unless', guarded(false)],
    ['begin', sequence],
    ['do', sequence],
    ['cond', cond],
    ['let', letForm(true)],
    ['let*', letForm(false)],
    ['letrec', letrec],
    ['letrec*', letrec],
  ]);

  const expression = (form: Form, scope: Scope): Code => {
    const constant = constantOf(form);
    if (constant !== undefined) return plain(constant);
    const name = nameOf(form);
    if (name !== undefined) return readName(form, name, scope);
    const items = itemsOf(form);
    if (items === undefined) return quoted(form);
    if (items.length === 0) return bracketsOf(form) === 'map' ? plain({ kind: 'dict', entries: [] }) : plain(list());
    if (bracketsOf(form) === 'vector')
      return combine(
        items.map((item) => expression(item, scope)),
        fresh,
        (...values) => list(...values),
      );
    if (bracketsOf(form) === 'map')
      return combine(
        items.map((item) => expression(item, scope)),
        fresh,
        (...values) => mapLiteral(values),
      );
    const word = nameOf(items[0]);
    if (word !== undefined && !isLocal(word, scope)) {
      if (scope.jump?.name === word) return plain({ kind: 'name', name: `\u0000${word}` });
      const special = SPECIAL.get(word);
      if (special !== undefined) return special(form, items, scope);
      if (TAIL.has(word)) {
        const result = fresh();
        return {
          pre: [declare(result, nil), ...tail(form, { ...scope, jump: undefined }, { into: result, leave: false })],
          value: variable(result),
        };
      }
      return called(form, word, items.slice(1), scope);
    }
    if (typeof items[0]?.value === 'string') {
      const args = items.slice(1).map((item) => expression(item, scope));
      return combine(args, fresh, (map = nil, otherwise = nil) =>
        call('lispy_get', map, { kind: 'text', value: String(items[0]?.value) }, otherwise),
      );
    }
    return combine(
      items.map((item) => expression(item, scope)),
      fresh,
      (fn = nil, ...args) => apply(call('lispy_procedure', fn), ...args),
    );
  };

  const mapLiteral = (values: readonly Expr[]): Expr => {
    const keys = values.filter((_, index) => index % 2 === 0);
    const texts = keys.map((key) => (key.kind === 'text' ? key.value : undefined));
    if (texts.some((key) => key === undefined) || new Set(texts).size < keys.length)
      return call('lispy_dict', list(...values));
    return { kind: 'dict', entries: keys.map((key, index): [Expr, Expr] => [key, values[index * 2 + 1] ?? nil]) };
  };

  const readName = (form: Form, name: string, scope: Scope): Code => {
    if (isLocal(name, scope)) return plain(variable(name));
    const known = top.get(name);
    if (known?.kind === 'global') return plain(variable(name));
    if (known?.kind === 'function') return plain({ kind: 'function', name, arity: known.arity });
    if (BUILTINS.has(name)) return refuse(form, name, 'A builtin as a value; write (lambda (x) …) around it');
    return refuse(form, name, 'There is nothing of this name that translates');
  };

  const quoted = (form: Form): Code => {
    const value = form.value;
    const constant = constantOf(form);
    if (constant !== undefined) return plain(constant);
    const items = itemsOf(form);
    if (items === undefined || nameOf(form) !== undefined)
      return refuse(form, 'quote', `A symbol or a structure of this kind (${String(value)})`);
    const codes = items.map((item) =>
      nameOf(item) === undefined
        ? quoted(item)
        : refuse(item, `'${nameOf(item)}`, 'Symbols are LisPy alone; write a string'),
    );
    return combine(codes, fresh, (...values) => (bracketsOf(form) === 'map' ? mapLiteral(values) : list(...values)));
  };

  const called = (form: Form, word: string, args: readonly Form[], scope: Scope): Code => {
    const known = top.get(word);
    if (known === undefined && word === 'apply') return applied(form, args, scope);
    const builtin = known === undefined ? BUILTINS.get(word) : undefined;
    const codes = args.map((arg, index) => {
      const inner = nameOf(arg);
      const arity = index === 0 && builtin !== undefined ? CALLS_WITH.get(word) : undefined;
      if (arity === undefined || inner === undefined || isLocal(inner, scope) || top.has(inner) || !BUILTINS.has(inner))
        return expression(arg, scope);
      const names = Array.from({ length: word.startsWith('map') ? args.length - 1 : arity }, () => fresh());
      return plain(lambda(names, [give((BUILTINS.get(inner)?.make ?? (() => nil))(...names.map(variable)))]));
    });
    if (known?.kind === 'function') {
      if (known.arity !== args.length)
        return refuse(form, word, `It takes ${known.arity} arguments, not ${args.length}`);
      return combine(codes, fresh, (...values) => call(word, ...values));
    }
    if (known?.kind === 'global')
      return combine(codes, fresh, (...values) => apply(call('lispy_procedure', variable(word)), ...values));
    if (builtin === undefined) return refuse(form, word, 'This does not translate, or there is nothing of this name');
    if (args.length < builtin.least || args.length > builtin.most) {
      return refuse(form, word, `With ${args.length} arguments this builtin does not translate`);
    }
    return combine(codes, fresh, builtin.make);
  };

  const applied = (form: Form, args: readonly Form[], scope: Scope): Code => {
    const spread = SPREAD.get(nameOf(args[0]) ?? '');
    if (spread === undefined || args.length !== 2)
      return refuse(form, 'apply', 'Only + * max min append str string-append merge spread over one list');
    return combine([expression(args[1] as Form, scope)], fresh, (items = nil) =>
      call(spread, call('lispy_items', items)),
    );
  };

  type Special = (form: Form, items: readonly Form[], scope: Scope) => Code;
  const lambdaForm: Special = (form, items, scope) => {
    const params = items[1] === undefined ? undefined : itemsOf(items[1]);
    if (params === undefined)
      return refuse(form, 'lambda', 'A procedure has to have a fixed number of named parameters');
    const names = parameters(params);
    return plain(lambda(names, block(items.slice(2), withNames({ ...scope, jump: undefined }, names), RETURN)));
  };
  const logic =
    (isAnd: boolean): Special =>
    (_form, items, scope) => {
      const codes = items.slice(1).map((item) => expression(item, scope));
      if (codes.length === 0) return plain(bool(isAnd));
      return codes.reduceRight((rest, code) => {
        if (isBoolean(code.value) && rest.pre.length === 0 && isBoolean(rest.value))
          return { pre: code.pre, value: { kind: isAnd ? 'and' : 'or', left: code.value, right: rest.value } };
        const kept = keep(code, fresh);
        const truth = { pre: kept.pre, value: isBoolean(kept.value) ? kept.value : call('lispy_true', kept.value) };
        return isAnd ? either(truth, rest, plain(kept.value), fresh) : either(truth, plain(kept.value), rest, fresh);
      });
    };
  const assign: Special = (form, items, scope) => {
    const target = nameOf(items[1]);
    if (target === undefined || !(isLocal(target, scope) || top.get(target)?.kind === 'global'))
      return refuse(form, 'set!', 'Only variables can be assigned');
    const { pre, value } = expression(items[2] as Form, scope);
    return { pre: [...pre, set(target, value)], value: variable(target) };
  };
  const whileForm: Special = (_form, items, scope) => {
    const { pre, value } = test(items[1] as Form, scope);
    const body = items.slice(2).flatMap((item) => {
      const code = expression(item, scope);
      return [...code.pre, run(code.value)];
    });
    return { pre: [loop(bool(true), [...pre, when(not(value), [{ kind: 'break' }]), ...body])], value: nil };
  };
  const dotimes: Special = (form, items, scope) => {
    const [name, limit, result] = itemsOf(items[1] as Form) ?? [];
    const counter = nameOf(name);
    if (counter === undefined || limit === undefined || result !== undefined)
      return refuse(form, 'dotimes', 'Write (dotimes (i n) body)');
    const { pre, value } = expression(limit, scope);
    const [end, at] = [fresh(), fresh()];
    const body = items.slice(2).flatMap((item) => {
      const code = expression(item, withNames(scope, [counter]));
      return [...code.pre, run(code.value)];
    });
    return {
      pre: [
        ...pre,
        declare(end, call('lispy_integer', value)),
        declare(at, { kind: 'int', value: 0n }),
        loop(
          { kind: 'prim', name: 'lt', args: [variable(at), variable(end)] },
          [declare(counter, variable(at)), ...body],
          [set(at, { kind: 'prim', name: 'add', args: [variable(at), { kind: 'int', value: 1n }] })],
        ),
      ],
      value: nil,
    };
  };
  const doseq: Special = (form, items, scope) => {
    const [name, source, result] = itemsOf(items[1] as Form) ?? [];
    const item = nameOf(name);
    if (item === undefined || source === undefined || result !== undefined)
      return refuse(form, 'doseq', 'Write (doseq (x list) body)');
    const inner = items.slice(2).flatMap((part) => {
      const code = expression(part, withNames(scope, [item]));
      return [...code.pre, run(code.value)];
    });
    const { pre, value } = expression(source, scope);
    const kept = fresh();
    const at = fresh();
    return {
      pre: [
        ...pre,
        declare(kept, call('lispy_sequence', value)),
        declare(at, { kind: 'int', value: 0n }),
        loop(
          { kind: 'prim', name: 'lt', args: [variable(at), { kind: 'prim', name: 'len', args: [variable(kept)] }] },
          [declare(item, { kind: 'prim', name: 'get', args: [variable(kept), variable(at)] }), ...inner],
          [set(at, { kind: 'prim', name: 'add', args: [variable(at), { kind: 'int', value: 1n }] })],
        ),
      ],
      value: nil,
    };
  };
  const SPECIAL: ReadonlyMap<string, Special> = new Map<string, Special>([
    ['lambda', lambdaForm],
    ['fn', lambdaForm],
    ['and', logic(true)],
    ['or', logic(false)],
    ['set!', assign],
    ['while', whileForm],
    ['dotimes', dotimes],
    ['doseq', doseq],
    ['dolist', doseq],
    ['quote', (_form, items) => quoted(items[1] as Form)],
  ]);

  return {
    define,
    global: (form: Form | undefined): Code =>
      form === undefined ? plain(nil) : expression(form, { names: new Set(), jump: undefined }),
  };
}

const scoped = (body: Stmt[]): Stmt[] =>
  body.length > 0 && body.some((stmt) => stmt.kind === 'let') ? [when(bool(true), body)] : body;

function hasContinue(body: readonly Stmt[]): boolean {
  return body.some(
    (stmt) => stmt.kind === 'continue' || (stmt.kind === 'if' && (hasContinue(stmt.yes) || hasContinue(stmt.no))),
  );
}

/** Whether a loop's name was met where it cannot be jumped to. */
function usesName(body: readonly Stmt[], name: string): boolean {
  return JSON.stringify(body, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value)).includes(
    JSON.stringify(`\u0000${name}`),
  );
}
