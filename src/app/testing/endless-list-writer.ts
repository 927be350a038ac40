/**
 * Writes generation after generation of all lists to the directory `argv[2]` for ever, and says on stdout which one the next start
 * must find: what the kill test kills. `argv[3]` is the generation to begin with.
 */
import { writeSync } from 'node:fs';
import { ListCopies } from '../list-copies.ts';
import { generation } from './list-generations.ts';

const STDOUT = 1;
const copies = new ListCopies(process.argv[2]);
copies.read();
for (let n = Number(process.argv[3]); ; n++) {
  const problem = copies.write(generation(n));
  if (problem !== null) throw new Error(problem);
  // Nothing is said before it is written.
  writeSync(STDOUT, `${n}\n`);
  copies.tidy();
}
