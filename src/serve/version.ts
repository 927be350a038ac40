/** The version of package.json, said by `--version` and by the status. */
import { readFileSync } from 'node:fs';

const packageFile = new URL('../../package.json', import.meta.url);

export const VERSION = (JSON.parse(readFileSync(packageFile, 'utf8')) as { version: string }).version;
