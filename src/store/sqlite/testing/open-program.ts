/** Opens the store of a directory, for tests that kill it meanwhile: `node open-program.ts DIR`. */
import { openStore } from '../open.ts';
import { T0 } from '../sample-reports.ts';

process.stdout.write('opens\n');
openStore(process.argv[2], { now: T0 }).close();
