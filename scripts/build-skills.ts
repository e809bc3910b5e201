// Builds the bundled skills from their sources: `npm run build:skills` writes component.wasm and the checksums of
// manifest.toml, `npm run build:skills -- --check` writes nothing and fails where what is committed is something else.
import { checkSkills, writeSkills } from './skills/build.ts';

if (process.argv.includes('--check')) {
  const stale = await checkSkills();
  for (const path of stale)
    console.error(`"${path}" is not what its sources give; run npm run build:skills and commit it`);
  process.exitCode = stale.length === 0 ? 0 : 1;
} else {
  for (const { path, bytes } of await writeSkills()) console.log(`${path}  ${bytes} bytes`);
}
