/** Lists: making them, taking them apart, and looking into them. */
import { family } from './define.ts';
import { cellRows } from './lists/cells.ts';
import { makeRows } from './lists/make.ts';
import { partRows } from './lists/parts.ts';
import { searchRows } from './lists/search.ts';

export const listBuiltins = family('lists', [...cellRows, ...makeRows, ...partRows, ...searchRows]);
