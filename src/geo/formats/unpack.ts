/** Files as they are downloaded – gzip, zip, tar, in each other – into the files inside, within bounds. */
import { gunzipSync } from 'node:zlib';
import { unzipSync } from 'fflate';
import { parseTar } from 'nanotar';
import { DataError } from './data-problem.ts';

export interface Member {
  name: string;
  bytes: Uint8Array;
}

/** All files of one data set, unpacked: GeoLite2-City as CSV, the largest one that anybody may name, has 300 MB. */
export const UNPACKED_BYTES_MAX = 512 * 1024 * 1024;
const MEMBERS_MAX = 200;
/** Evasion: archives in archives in archives. */
const DEPTH_MAX = 3;

/** Errors: `DataError` `geo-damaged`, `geo-too-large`. */
export function unpack(file: Member, bytesMax: number = UNPACKED_BYTES_MAX): Member[] {
  const members: Member[] = [];
  let left = bytesMax;
  const open = ({ name, bytes }: Member, depth: number): void => {
    const inner = depth < DEPTH_MAX ? contents(name, bytes, left) : null;
    if (inner === null) {
      members.push({ name, bytes });
      return;
    }
    left -= inner.reduce((sum, member) => sum + member.bytes.length, 0);
    if (left < 0 || inner.length > MEMBERS_MAX) throw tooLarge(name, bytesMax);
    for (const member of inner) open(member, depth + 1);
  };
  open(file, 0);
  return members;
}

/** Null: the file is no archive. */
function contents(name: string, bytes: Uint8Array, bytesMax: number): Member[] | null {
  try {
    if (bytes[0] === 0x1f && bytes[1] === 0x8b) {
      const inner = gunzipSync(bytes, { maxOutputLength: Math.max(1, bytesMax) });
      return [{ name: name.replace(/\.gz$|\.tgz$/i, ''), bytes: inner }];
    }
    if (bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 3 && bytes[3] === 4)
      return zipMembers(name, bytes, bytesMax);
    if (String.fromCharCode(...bytes.subarray(257, 262)) === 'ustar') return tarMembers(name, bytes);
    return null;
  } catch (error) {
    if (error instanceof DataError) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(name, bytesMax);
    throw new DataError('geo-damaged', `${name} is a damaged archive: ${message}`);
  }
}

function zipMembers(name: string, bytes: Uint8Array, bytesMax: number): Member[] {
  let total = 0;
  const files = unzipSync(bytes, {
    filter: ({ originalSize }) => {
      // Evasion: the directory says what will be unpacked; no more than that is written.
      total += originalSize;
      if (total > bytesMax) throw tooLarge(name, bytesMax);
      return originalSize > 0;
    },
  });
  return Object.entries(files).map(([inner, content]) => ({ name: `${name}/${inner}`, bytes: content }));
}

function tarMembers(name: string, bytes: Uint8Array): Member[] {
  // nanotar reads the whole buffer under a view: it gets one that holds the archive and nothing else.
  return parseTar(Uint8Array.from(bytes))
    .filter((item) => item.data !== undefined && item.data.length > 0)
    .map((item) => ({ name: `${name}/${item.name}`, bytes: item.data! }));
}

function tooLarge(name: string, bytesMax: number): DataError {
  const mb = Math.round(bytesMax / 1024 / 1024);
  return new DataError('geo-too-large', `${name} unpacks to more than ${mb} MiB, or to more than ${MEMBERS_MAX} files`);
}
