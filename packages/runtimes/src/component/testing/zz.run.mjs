import { readFileSync } from 'node:fs';
import { DEFAULT_LIMITS } from '@pypes/contract';
import { createTestContext } from '../../testing/context.ts';
import { sourceFile } from '../../testing/source-file.ts';
import { createComponentRuntime } from '../index.ts';
const runtime = createComponentRuntime();
export async function load(bytes, limits={}, name='x.wasm'){ const a= await runtime.load(sourceFile(name, bytes), {...DEFAULT_LIMITS, ...limits});
 return async (agent, args={}, options={}) => { const f=a.find(x=>x.metadata.name===agent); const c=createTestContext({agent,...options}); const t=setTimeout(()=>c.abort(),options.ms??8000); const t0=performance.now();
  try { const v= await f.run(c,args); return [v, c.logs, Math.round(performance.now()-t0)]; } catch(e){ return ['ERR', e.code, e.message, JSON.stringify(e.details), c.logs, Math.round(performance.now()-t0)] } finally {clearTimeout(t)} } }
export const close = () => runtime.close();
