/** From an analysed procedure to instructions and, beside them, to the native form of the same steps. */
import { IGNORE, Instruction, type Operand, op, RETURN } from '../machine/instruction.ts';
import { Box } from '../values/box.ts';
import { Builtin } from '../values/procedure.ts';
import { LispySymbol } from '../values/symbol.ts';
import type { Value } from '../values/value.ts';
import type { Code, Executable, Redefinitions } from './code.ts';
import { directCall, directTail, directTurn, inOrder, type Owner } from './direct.ts';
import { type BuiltinOf, fuse } from './fuse.ts';
import { fuseMoves } from './moves.ts';
import type { Node } from './node.ts';
import type { LoopLabel, Variable } from './scope.ts';
import { heaviest, Weights } from './weight.ts';

/** Compiles a procedure under the given redefinitions of builtins. */
export const emit = (code: Code, redefined: Redefinitions): Executable => new Emitter(code, redefined).compile();

/** Every emitting method adds instructions and returns their native form. */
class Emitter {
  readonly #code: Code;
  readonly #instructions: Instruction[] = [];
  readonly #builtinOf: BuiltinOf;
  readonly #weights: Weights;
  readonly #owner: Owner = { executable: undefined };
  readonly #markers = new Map<LoopLabel, Value>();
  /** How deep the emitted code is nested, at the moment and at most. */
  #depth = 0;
  #nesting = 0;
  #heaviest = 0;
  /** Handlers exist in the machine's loop only. */
  #isNative = true;
  #slots: number;
  /** Weight of straight code not yet paid for by a `charge` instruction. */
  #unpaid = 0;

  constructor(code: Code, redefined: Redefinitions) {
    this.#code = code;
    this.#slots = code.scope.slots;
    this.#builtinOf = (node) => {
      const isKnown = node.kind === 'global' && !redefined.has(node.name);
      const value = node.kind === 'const' ? node.value : isKnown ? node.known : undefined;
      return value instanceof Builtin ? value : undefined;
    };
    this.#weights = new Weights(this.#builtinOf);
  }

  compile(): Executable {
    const boxes = this.#code.parameters
      .filter((variable) => variable.boxed)
      .map((variable) => this.#boxParameter(variable));
    const body = inOrder(boxes, this.#emit(this.#code.body, RETURN));
    const instructions = this.#instructions;
    for (const instruction of instructions) instruction.frame = this.#slots;
    const leaf = instructions.length === 1 && instructions[0]!.op === op.give ? instructions[0]!.first : undefined;
    const nesting = 4 + 2 * this.#nesting + this.#heaviest;
    const executable = { instructions, frame: this.#slots, leaf, direct: this.#isNative ? body : undefined, nesting };
    this.#owner.executable = executable;
    return executable;
  }

  #boxParameter({ slot }: Variable): Operand {
    const box: Operand = (stack, base) => {
      stack[base + slot] = new Box(stack[base + slot] as Value);
      return null;
    };
    this.#push(op.discard, IGNORE, [box]);
    return box;
  }

  /** Computes `node` into a slot, as the procedure's result, or for its effect only. */
  #emit(node: Node, destination: number): Operand {
    this.#depth++;
    if (this.#depth > this.#nesting) this.#nesting = this.#depth;
    const operand = this.#emitNode(node, destination);
    this.#depth--;
    return operand;
  }

  #emitNode(node: Node, destination: number): Operand {
    if (this.#weights.isSimple(node)) return this.#simple(node, destination);
    switch (node.kind) {
      case 'if':
        return this.#choice(node.test, node.yes, node.no, destination);
      case 'seq':
        return this.#sequence(node.nodes, destination);
      case 'and':
      case 'or':
        return this.#connective(node.kind, node.nodes, destination);
      case 'bind':
        if (!node.variable.boxed) return this.#bind(node.variable, node.value, destination);
        return this.#assign(node, destination);
      case 'set':
      case 'setGlobal':
        return this.#assign(node, destination);
      case 'call':
        return this.#call(node, destination);
      case 'loop':
        return this.#loop(node, destination);
      case 'continue':
        return this.#continue(node);
      case 'while':
        return this.#while(node, destination);
      case 'try':
        return this.#try(node, destination);
      default:
        return this.#simple(node, destination);
    }
  }

  #simple(node: Node, destination: number): Operand {
    const weight = this.#weights.of(node);
    // The size of a fused expression bounds its depth; calls with many arguments are wide, not deep.
    this.#heaviest = Math.max(this.#heaviest, Math.min(weight, heaviest));
    const charge = this.#pay(weight);
    const operand = fuse(node, this.#builtinOf);
    if (destination === RETURN) this.#push(op.give, RETURN, [operand]);
    else if (destination === IGNORE) this.#push(op.discard, IGNORE, [operand]);
    else this.#push(op.evaluate, destination, [operand]);
    return inOrder(charge, destination >= 0 ? stored(operand, destination) : operand);
  }

  /** Straight code is paid for in steps of 64 nodes, so that no run of it is free. */
  #pay(weight: number): Operand[] {
    this.#unpaid += weight;
    if (this.#unpaid < 64) return [];
    const steps = this.#unpaid >> 6;
    this.#unpaid &= 63;
    this.#instructions.push(new Instruction(op.charge, IGNORE, steps, undefined, [], this.#code.spot));
    return [
      (_stack, _base, machine) => {
        machine.charge(steps);
        return null;
      },
    ];
  }

  #push(
    code: number,
    destination: number,
    many: readonly Operand[],
    target = 0,
    fn?: Operand,
    node?: Node,
  ): Instruction {
    const spot = node && 'spot' in node ? node.spot : undefined;
    const instruction = new Instruction(code, destination, target, fn, many, spot);
    this.#instructions.push(instruction);
    return instruction;
  }

  #here(): number {
    return this.#instructions.length;
  }

  #temporary(): number {
    return this.#slots++;
  }

  #slotNode(slot: number): Node {
    const owner = this.#code.scope;
    const variable = {
      name: '',
      owner,
      slot,
      captured: false,
      mutated: false,
      read: true,
      initialised: true,
      self: undefined,
      boxed: false,
    };
    return { kind: 'local', variable, lambda: owner, spot: this.#code.spot, checked: false };
  }

  /** Computes a node into a slot now; what is left of it is a reference to that slot. */
  #spill(node: Node, before: Operand[]): Node {
    const slot = this.#temporary();
    before.push(this.#emit(node, slot));
    return this.#slotNode(slot);
  }

  /** Operands in order: what a later call could change is computed before that call. */
  #operands(nodes: readonly Node[], before: Operand[]): Node[] {
    let lastCall = -1;
    for (const [index, node] of nodes.entries()) if (!this.#weights.isSimple(node)) lastCall = index;
    return nodes.map((node, index) => {
      if (!this.#weights.isSimple(node)) return this.#spill(node, before);
      return index < lastCall && !this.#weights.isStable(node) ? this.#spill(node, before) : node;
    });
  }

  #fuseAll(nodes: readonly Node[], before: Operand[]): Operand[] {
    for (const node of nodes) before.push(...this.#pay(this.#weights.of(node)));
    return nodes.map((node) => fuse(node, this.#builtinOf));
  }

  #sequence(nodes: readonly Node[], destination: number): Operand {
    const before = nodes.slice(0, -1).map((node) => this.#emit(node, IGNORE));
    return inOrder(before, this.#emit(nodes.at(-1)!, destination));
  }

  #bind(variable: Variable, value: Node, destination: number): Operand {
    const bound = this.#emit(value, variable.slot);
    if (destination === IGNORE) return bound;
    return inOrder([bound], this.#simple(this.#slotNode(variable.slot), destination));
  }

  #assign(node: Node & { kind: 'bind' | 'set' | 'setGlobal' }, destination: number): Operand {
    const before: Operand[] = [];
    const value = this.#spill(node.value, before);
    return inOrder(before, this.#simple({ ...node, value }, destination));
  }

  #call(node: Node & { kind: 'call' }, destination: number): Operand {
    const builtin = this.#builtinOf(node.fn);
    const before: Operand[] = [];
    if (builtin && this.#weights.isDirect(builtin, node.args.length)) {
      const args = this.#operands(node.args, before);
      return inOrder(before, this.#simple({ ...node, args }, destination));
    }
    // A name is looked up at the call; anything else that gives the procedure is computed once, before the arguments.
    const isName = node.fn.kind === 'global' || node.fn.kind === 'const' || this.#weights.isStable(node.fn);
    const callee = isName ? node.fn : this.#spill(node.fn, before);
    const args = this.#operands(node.args, before);
    const [fn, ...operands] = this.#fuseAll([callee, ...args], before);
    const few = Math.min(operands.length, 4);
    const index = this.#here();
    const at = this.#push((destination === RETURN ? op.tail0 : op.call0) + few, destination, operands, 0, fn, node);
    const direct = destination === RETURN ? directTail : directCall;
    return inOrder(before, direct(at, this.#instructions, index, this.#owner));
  }

  #choice(test: Node, then: Node, otherwise: Node, destination: number): Operand {
    const before: Operand[] = [];
    const [skip, operand] = this.#test(test, op.jumpUnless, before);
    const unpaid = this.#unpaid;
    const whenTrue = this.#emit(then, destination);
    const after = this.#unpaid;
    this.#unpaid = unpaid;
    const done = destination === RETURN ? undefined : this.#push(op.jump, IGNORE, []);
    skip.target = this.#here();
    const whenFalse = this.#emit(otherwise, destination);
    if (done) done.target = this.#here();
    this.#unpaid = Math.max(after, this.#unpaid);
    return inOrder(before, (stack, base, machine) => {
      const value = operand(stack, base, machine);
      return value === false || value === null ? whenFalse(stack, base, machine) : whenTrue(stack, base, machine);
    });
  }

  #test(test: Node, code: number, before: Operand[]): [Instruction, Operand] {
    const node = this.#weights.isSimple(test) ? test : this.#spill(test, before);
    const [operand] = this.#fuseAll([node], before);
    return [this.#push(code, IGNORE, [operand!]), operand!];
  }

  #connective(kind: 'and' | 'or', nodes: readonly Node[], destination: number): Operand {
    const slot = destination >= 0 ? destination : this.#temporary();
    const read = fuse(this.#slotNode(slot), this.#builtinOf);
    const exits: Instruction[] = [];
    const parts = nodes.slice(0, -1).map((node) => {
      const part = this.#emit(node, slot);
      exits.push(this.#push(kind === 'and' ? op.jumpUnless : op.jumpIf, IGNORE, [read]));
      return part;
    });
    const last = this.#emit(nodes.at(-1)!, destination === RETURN ? RETURN : slot);
    for (const exit of exits) exit.target = this.#here();
    if (destination === RETURN) this.#push(op.give, RETURN, [read]);
    const stops = kind === 'or';
    return (stack, base, machine) => {
      for (const part of parts) {
        const value = part(stack, base, machine);
        if ((value !== false && value !== null) === stops) return value;
      }
      return last(stack, base, machine);
    };
  }

  #loop(node: Node & { kind: 'loop' }, destination: number): Operand {
    const inits = node.inits.map((init) => this.#emit(init, IGNORE));
    node.label.start = this.#here();
    const marker = new LispySymbol('turn');
    this.#markers.set(node.label, marker);
    const body = this.#emit(node.body, destination);
    return inOrder(inits, (stack, base, machine) => {
      for (;;) {
        const value = body(stack, base, machine);
        if (value !== marker) return value;
      }
    });
  }

  #continue(node: Node & { kind: 'continue' }): Operand {
    const { variables, start } = node.label;
    const before: Operand[] = [];
    const args = this.#operands(node.args, before);
    const moves = variables.map((variable, index) => ({ variable, value: args[index]! }));
    const needed = moves.filter(({ variable, value }) => variable.boxed || !isSame(value, variable));
    const operands = this.#fuseAll(
      needed.map(({ value }) => value),
      before,
    );
    const all = fuseMoves(
      needed.map(({ variable }) => variable),
      operands,
    );
    const index = this.#here();
    const at = this.#push(op.turn, IGNORE, all ? [all] : [], start, undefined, node);
    return inOrder(before, directTurn(at, this.#instructions, index, this.#markers.get(node.label)!));
  }

  #while(node: Node & { kind: 'while' }, destination: number): Operand {
    const start = this.#here();
    const before: Operand[] = [];
    const [exit, operand] = this.#test(node.test, op.jumpUnless, before);
    const test = inOrder(before, operand);
    const body = this.#emit(node.body, IGNORE);
    const index = this.#here();
    const at = this.#push(op.turn, IGNORE, [], start, undefined, node);
    const turn = directTurn(at, this.#instructions, index, null);
    exit.target = this.#here();
    const done = this.#simple({ kind: 'const', value: null }, destination);
    return (stack, base, machine) => {
      for (;;) {
        const value = test(stack, base, machine);
        if (value === false || value === null) return done(stack, base, machine);
        body(stack, base, machine);
        turn(stack, base, machine);
      }
    };
  }

  #try(node: Node & { kind: 'try' }, destination: number): Operand {
    this.#isNative = false;
    const slot = destination >= 0 ? destination : this.#temporary();
    const caught = this.#temporary();
    const begin = this.#push(op.handle, caught, [], 0, undefined, node);
    this.#emit(node.body, slot);
    this.#push(op.unhandle, IGNORE, []);
    const done = this.#push(op.jump, IGNORE, []);
    begin.target = this.#here();
    this.#simple({ kind: 'bind', variable: node.variable, value: this.#slotNode(caught), fresh: true }, IGNORE);
    this.#emit(node.handler, destination === RETURN ? RETURN : slot);
    done.target = this.#here();
    const result = this.#slotNode(slot);
    return destination === RETURN ? this.#simple(result, RETURN) : fuse(result, this.#builtinOf);
  }
}

const stored =
  (operand: Operand, slot: number): Operand =>
  (stack, base, machine) => {
    const value = operand(stack, base, machine);
    stack[base + slot] = value;
    return value;
  };

/** Whether a turn of a loop would assign a variable to itself. */
const isSame = (node: Node, variable: Variable): boolean => node.kind === 'local' && node.variable === variable;
