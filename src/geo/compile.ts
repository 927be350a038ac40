/** Data files of any known format, packed or not, into the arrays of the tables. Runs in a process of its own (`compile-process.ts`). */
import type { Segments } from '../core/base/segments.ts';
import { DataError } from './formats/data-problem.ts';
import { isMmdb, readMmdb } from './formats/mmdb.ts';
import { Collected, readRows } from './formats/rows.ts';
import { unpack, type Member } from './formats/unpack.ts';
import { packNames, type NetworkNames } from './network-table.ts';

export interface Compiled {
  /** Null: the files say nothing about countries. */
  countries: Segments | null;
  /** Null: nothing about networks. */
  networks: { segments: Segments; names: NetworkNames } | null;
  /** Rows that were read, before joining. */
  rows: number;
}

/** The same bytes always give the same result. Errors: `DataError`. */
export function compile(files: readonly Member[], bytesMax?: number): Compiled {
  const into = new Collected();
  const members = files.flatMap((file) => unpack(file, bytesMax));
  // MaxMind's networks name places by numbers: the file of places comes first. Of its translations one is enough.
  const byPlace = (name: string) => (/locations[^/]*$/i.test(name) ? 0 : 1);
  const wanted = members.filter(({ name }) => !/locations-(?!en)[\w-]+\.csv$/i.test(name));
  wanted.sort((a, b) => byPlace(a.name) - byPlace(b.name));
  let recognised = 0;
  for (const { name, bytes } of wanted) {
    if (isMmdb(bytes)) readMmdb(name, bytes, into);
    else {
      refuseBinary(name, bytes, members.length);
      if (readRows(name, bytes, into) === 'not-recognised') {
        // Archives bring licences and read-mes along.
        if (members.length === files.length) throw notRecognised(name, bytes);
        continue;
      }
    }
    recognised++;
  }
  if (recognised === 0) throw notRecognised(files.map((file) => file.name).join(', '), members[0]?.bytes);
  const { countries, networks } = into;
  if (countries.rows + networks.rows === 0) {
    throw new DataError('geo-empty', `${files[0].name} holds no range with a country or a network`);
  }
  return {
    countries: countries.rows === 0 ? null : countries.build(),
    networks: networks.rows === 0 ? null : { segments: networks.build(), names: packNames(into.names) },
    rows: into.rows,
  };
}

function refuseBinary(name: string, bytes: Uint8Array, members: number): void {
  if (members === 1 && bytes.subarray(0, 4096).includes(0)) throw notRecognised(name, bytes);
}

function notRecognised(name: string, bytes: Uint8Array | undefined): DataError {
  const expected =
    'CSV with start, end and country (or network and country), MaxMind’s or DB-IP’s CSV or mmdb, as it is or in gzip, zip or tar.gz';
  const begin = new TextDecoder('latin1').decode(bytes?.subarray(0, 40) ?? new Uint8Array(0)).split(/[\r\n]/)[0];
  const looks = bytes === undefined || bytes.length === 0 ? 'is empty' : `begins with "${begin}"`;
  return new DataError('geo-unknown-format', `${name} ${looks}; expected ${expected}`);
}
