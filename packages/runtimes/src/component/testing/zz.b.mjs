import { readFileSync } from 'node:fs';
import { load, close } from './zz.run.mjs';
const c = await load(readFileSync(`/tmp/w/qjs.wasm`));
console.log(await c('evaluate',{code:'1+1'}), await c('now'));
await close();
