/** Fusing: expressions without procedure calls become closures over the frame, run by JavaScript itself. */
import { LispyError } from '../errors.ts';
import type { Operand, Slot } from '../machine/instruction.ts';
import { Box } from '../values/box.ts';
import { type Builtin, Closure } from '../values/procedure.ts';
import type { Value } from '../values/value.ts';
import { arithmetic } from './arithmetic.ts';
import { fuseCall } from './fuse-call.ts';
import type { Node } from './node.ts';
import { copyLiteral } from './quote.ts';
import type { LambdaScope, Variable } from './scope.ts';
import type { Spot } from './spot.ts';

/** What a fused node may call directly. */
export type BuiltinOf = (node: Node) => Builtin | undefined;

/** Fuses a node that {@link isSimple} accepts. */
export const fuse = (node: Node, builtinOf: BuiltinOf): Operand => {
  switch (node.kind) {
    case 'const': {
      const { value } = node;
      return () => value;
    }
    case 'literal':
      return fuseLiteral(node.index, node.value);
    case 'local':
      return fuseLocal(node.variable, node.lambda, node.spot, node.checked);
    case 'global':
      return fuseGlobal(node.index, node.name, node.spot);
    case 'set':
      return fuseSet(node.variable, node.lambda, fuse(node.value, builtinOf));
    case 'setGlobal':
      return fuseSetGlobal(node, fuse(node.value, builtinOf));
    case 'declare': {
      const { slot, boxed } = node.variable;
      return (stack, base) => {
        stack[base + slot] = boxed ? new Box(undefined) : undefined;
        return null;
      };
    }
    case 'bind':
      return fuseBind(node.variable, fuse(node.value, builtinOf), node.fresh);
    case 'if':
      return fuseIf(fuse(node.test, builtinOf), fuse(node.yes, builtinOf), fuse(node.no, builtinOf));
    case 'and':
      return fuseAnd(node.nodes.map((item) => fuse(item, builtinOf)));
    case 'or':
      return fuseOr(node.nodes.map((item) => fuse(item, builtinOf)));
    case 'seq':
      return fuseSequence(node.nodes.map((item) => fuse(item, builtinOf)));
    case 'lambda':
      return fuseLambda(node);
    case 'call': {
      const builtin = builtinOf(node.fn)!;
      const special = node.args.length === 2 ? arithmetic(builtin.name, node.args, node.spot, builtinOf) : undefined;
      return (
        special ??
        fuseCall(
          builtin,
          node.args.map((item) => fuse(item, builtinOf)),
          node.spot,
        )
      );
    }
    default:
      throw new LispyError('internal', `Cannot fuse "${node.kind}"`);
  }
};

const fuseLiteral =
  (index: number, value: Value): Operand =>
  (_stack, _base, machine) => {
    const known = machine.globals[index];
    if (known !== undefined) return known;
    const copy = copyLiteral(value);
    machine.globals[index] = copy;
    return copy;
  };

const early = (name: string, spot: Spot): LispyError =>
  new LispyError('unbound', `"${name}" is used before its definition`, { place: spot.place() });

const fuseLocal = (variable: Variable, lambda: LambdaScope, spot: Spot, checked: boolean): Operand => {
  const { name, boxed } = variable;
  if (variable.owner === lambda) {
    const { slot } = variable;
    if (boxed) {
      return (stack, base) => {
        const value = (stack[base + slot] as Box).value;
        if (value === undefined) throw early(name, spot);
        return value;
      };
    }
    if (!checked) return (stack, base) => stack[base + slot] as Value;
    return (stack, base) => {
      const value = stack[base + slot] as Value | undefined;
      if (value === undefined) throw early(name, spot);
      return value;
    };
  }
  const index = lambda.captureIndex(variable);
  if (!boxed) return (stack, base) => (stack[base] as Closure).captured[index] as Value;
  return (stack, base) => {
    const value = ((stack[base] as Closure).captured[index] as Box).value;
    if (value === undefined) throw early(name, spot);
    return value;
  };
};

const fuseGlobal =
  (index: number, name: string, spot: Spot): Operand =>
  (_stack, _base, machine) => {
    const value = machine.globals[index];
    return value === undefined ? machine.unbound(name, spot) : value;
  };

const fuseSet = (variable: Variable, lambda: LambdaScope, value: Operand): Operand => {
  const { slot } = variable;
  if (variable.owner === lambda) {
    if (!variable.boxed) {
      return (stack, base, machine) => {
        const result = value(stack, base, machine);
        stack[base + slot] = result;
        return result;
      };
    }
    return (stack, base, machine) => {
      const result = value(stack, base, machine);
      (stack[base + slot] as Box).value = result;
      return result;
    };
  }
  const index = lambda.captureIndex(variable);
  return (stack, base, machine) => {
    const result = value(stack, base, machine);
    ((stack[base] as Closure).captured[index] as Box).value = result;
    return result;
  };
};

const fuseSetGlobal = (node: Node & { kind: 'setGlobal' }, value: Operand): Operand => {
  const { index, name, define, spot } = node;
  return (stack, base, machine) => {
    const result = value(stack, base, machine);
    if (!define && machine.globals[index] === undefined) return machine.unbound(name, spot);
    machine.globals[index] = result;
    return result;
  };
};

const fuseBind = (variable: Variable, value: Operand, fresh: boolean): Operand => {
  const { slot, boxed } = variable;
  return (stack, base, machine) => {
    const result = value(stack, base, machine);
    if (!boxed) stack[base + slot] = result;
    else if (fresh) stack[base + slot] = new Box(result);
    else (stack[base + slot] as Box).value = result;
    return result;
  };
};

const fuseIf =
  (test: Operand, then: Operand, otherwise: Operand): Operand =>
  (stack, base, machine) => {
    const value = test(stack, base, machine);
    return value === false || value === null ? otherwise(stack, base, machine) : then(stack, base, machine);
  };

const fuseAnd =
  (nodes: readonly Operand[]): Operand =>
  (stack, base, machine) => {
    let value: Value = true;
    for (const node of nodes) {
      value = node(stack, base, machine);
      if (value === false || value === null) return value;
    }
    return value;
  };

const fuseOr =
  (nodes: readonly Operand[]): Operand =>
  (stack, base, machine) => {
    let value: Value = false;
    for (const node of nodes) {
      value = node(stack, base, machine);
      if (value !== false && value !== null) return value;
    }
    return value;
  };

const fuseSequence = (nodes: readonly Operand[]): Operand => {
  if (nodes.length === 2) {
    const [first, second] = nodes as [Operand, Operand];
    return (stack, base, machine) => {
      first(stack, base, machine);
      return second(stack, base, machine);
    };
  }
  return (stack, base, machine) => {
    let value: Value = null;
    for (const node of nodes) value = node(stack, base, machine);
    return value;
  };
};

/** Makes a closure: what it captures is copied from the frame, or from the closure that runs in it. */
const fuseLambda = ({ code, lambda }: Node & { kind: 'lambda' }): Operand => {
  const { captures } = code.scope;
  if (captures.length === 0) {
    return (_stack, _base, machine) => {
      machine.allocate(32);
      return new Closure(code, []);
    };
  }
  const own = captures.map((variable) => variable.owner === lambda);
  const indexes = captures.map((variable, at) => (own[at] ? variable.slot : lambda.captureIndex(variable)));
  const size = 48 + 8 * captures.length;
  return (stack, base, machine) => {
    machine.allocate(size);
    const captured: (Value | Box)[] = [];
    for (let at = 0; at < indexes.length; at++) {
      const from: Slot = own[at] ? stack[base + indexes[at]!] : (stack[base] as Closure).captured[indexes[at]!];
      captured.push(from as Value | Box);
    }
    return new Closure(code, captured);
  };
};
