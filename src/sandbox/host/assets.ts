import { readdir, readFile } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

interface Asset {
  readonly type: string;
  readonly body: Buffer;
}

/** The built page by URL path. */
export type Assets = ReadonlyMap<string, Asset>;

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** Where the build puts the page, seen from the sources and from the compiled files alike. */
const builtPage = fileURLToPath(new URL('../../../dist/page/', import.meta.url));

/**
 * Reads the built page into memory: nothing else can ever be asked for.
 * @throws when it was not built
 */
export const readAssets = async (folder: string = builtPage): Promise<Assets> => {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const paths = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
  const assets = new Map<string, Asset>();
  for (const path of paths) {
    const type = types[extname(path)] ?? 'application/octet-stream';
    assets.set(`/${relative(folder, path).replaceAll(sep, '/')}`, { type, body: await readFile(path) });
  }
  const index = assets.get('/index.html');
  if (index === undefined) throw new Error('The page was not built. Run npm run sandbox, which builds it.');
  return assets.set('/', index);
};
