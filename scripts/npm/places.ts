// Where a bundled module lay, as code can still ask: what reads files beside itself finds their copies in the package.
import { join, relative, sep } from 'node:path';
import { packageFolderOf } from '../functions/npm.ts';

const ROOT = join(import.meta.dirname, '../..');
/** Files of npm packages, by the names of these. */
export const VENDOR = 'vendor';

const URL_MARK = '@@URL@@';
const FOLDER_MARK = '@@FOLDER@@';
const MARKED = /(["'`])@@(URL|FOLDER)@@((?:(?!@@)[^"'`$])+)\1/g;
const RESOLVED = /\bimport\.meta\.resolve\(\s*'([^']+)'\s*\)/g;

/** A module's place in the package: ours as in the project, npm's below {@link VENDOR}. */
export function placeOf(path: string): string {
  const folder = packageFolderOf(path);
  if (folder === undefined) return toPosix(relative(ROOT, path)).replace(/\.ts$/, '.js');
  const modules = folder.lastIndexOf(`${sep}node_modules${sep}`);
  const name = folder.slice(modules + '/node_modules/'.length);
  return `${VENDOR}/${toPosix(name)}/${toPosix(relative(folder, path))}`;
}

/**
 * The code with marks where it asks for its place.
 *
 * @param resolve finds the file of a module that is named in a literal; undefined leaves the question to run time
 */
export function markPlaces(
  code: string,
  path: string,
  resolve: (specifier: string, importer: string) => string | undefined,
): string {
  const place = placeOf(path);
  const folder = place.slice(0, place.lastIndexOf('/'));
  return code
    .replace(RESOLVED, (asked, specifier: string) => {
      const found = resolve(specifier, path);
      return found === undefined ? asked : `"${URL_MARK}${placeOf(found)}"`;
    })
    .replace(/\bimport\.meta\.url\b/g, `"${URL_MARK}${place}"`)
    .replace(/\bimport\.meta\.dirname\b|\b__dirname\b/g, `"${FOLDER_MARK}${folder}"`)
    .replace(/\b__filename\b/g, `"${FOLDER_MARK}${place}"`);
}

/** The marks of one finished file as code. @throws Error where one was folded into another text */
export function settlePlaces(code: string, file: string): string {
  const up = '../'.repeat(file.split('/').length - 1);
  const settled = code.replace(MARKED, (_all, _quote, kind: string, place: string) =>
    kind === 'URL'
      ? `new URL(${JSON.stringify(`${up === '' ? './' : up}${place}`)},import.meta.url).href`
      : `(import.meta.dirname+${JSON.stringify(`/${up}${place}`)})`,
  );
  const lost = /.{0,40}@@(?:URL|FOLDER)@@.{0,40}/s.exec(settled);
  if (lost !== null) throw new Error(`A place in "${file}" was folded away: ${lost[0]}`);
  return settled;
}

function toPosix(path: string): string {
  return path.split(sep).join('/');
}
