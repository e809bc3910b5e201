// Numbers: Fengari's integers have 32 bits and would begin again from below, here they go on as floats.
//
// A sum of prices or a time in milliseconds is then right up to 2^53, as in JavaScript, where Lua elsewhere has 64 bits.
import lobject from 'fengari/src/lobject.js';
import lopcodes from 'fengari/src/lopcodes.js';
import lua from 'fengari/src/lua.js';
import type { Instruction, LuaState, LuaValue } from './fengari.ts';

const { OP_ADD, OP_MUL, OP_SUB, OP_UNM } = lopcodes.OpCodesI;
/** Operands from here on are constants of the function. */
const FIRST_CONSTANT = 256;
/** A whole number, among the numbers. */
const LUA_TNUMINT = lua.LUA_TNUMBER | (1 << 4);

/** The next question whether a value is an integer is answered no: Fengari computes with floats then. */
let asFloat = false;

const { prototype } = lobject.TValue;
const isInteger = prototype.ttisinteger;
prototype.ttisinteger = function ttisinteger(this: LuaValue): boolean {
  if (!asFloat) return isInteger.call(this);
  asFloat = false;
  return false;
};

/** A text that is read as a number, as in `text + 1`: one that is longer is none, and takes no time to be refused. */
const LONGEST_NUMERAL = 1_000;
const readNumber = lobject.luaO_str2num;
lobject.luaO_str2num = (text, into) => (text.length > LONGEST_NUMERAL ? 0 : readNumber(text, into));

/** Also what the compiler computes already. */
const arith = lobject.luaO_arith;
lobject.luaO_arith = (L, operator, left, right, into): void => {
  const opcode = FOLDED.get(operator);
  if (opcode !== undefined && overflows(opcode, left, right)) asFloat = true;
  arith(L, operator, left, right, into);
  asFloat = false;
};
const FOLDED: ReadonlyMap<number, number | undefined> = new Map([
  [lua.LUA_OPADD, OP_ADD],
  [lua.LUA_OPSUB, OP_SUB],
  [lua.LUA_OPMUL, OP_MUL],
  [lua.LUA_OPUNM, OP_UNM],
]);

/** To be called before each instruction. */
export function widen(L: LuaState, { opcode, B, C }: Instruction): void {
  asFloat = false;
  if (opcode !== OP_ADD && opcode !== OP_SUB && opcode !== OP_MUL && opcode !== OP_UNM) return;
  const left = operandAt(L, B);
  asFloat = left !== undefined && overflows(opcode, left, opcode === OP_UNM ? left : operandAt(L, C));
}

function operandAt({ ci, stack }: LuaState, operand: number): LuaValue | undefined {
  return operand < FIRST_CONSTANT ? stack[ci.l_base + operand] : ci.func.value.p.k[operand - FIRST_CONSTANT];
}

function overflows(opcode: number, left: LuaValue, right: LuaValue | undefined): boolean {
  if (left.type !== LUA_TNUMINT || right?.type !== LUA_TNUMINT) return false;
  const [a, b] = [left.value as number, right.value as number];
  const result = opcode === OP_ADD ? a + b : opcode === OP_SUB ? a - b : opcode === OP_MUL ? a * b : -a;
  return result !== (result | 0);
}
