/** The order of test files: those that take longest first, so that no processor waits for the last of them. */
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Vitest goes by a file's size when it has never run it (a fresh clone); these are short and take 9 to 40 s. */
const LONG = [
  'fuzz/decoders.test.ts',
  'spec/detect/disguises.test.ts',
  'src/app/console.test.ts',
  'src/store/sqlite/kill.test.ts',
  'src/app/console/notifications.test.ts',
  'spec/detect/allowlist.property.test.ts',
  'src/app/interrupted-import.kernel.test.ts',
  'lab/failures.lab.test.ts',
  'src/app/life-cycle.kernel.test.ts',
  'test/guide-commands.kernel.test.ts',
  'src/app/restart.kernel.test.ts',
  'src/app/apart.kernel.test.ts',
  'src/enforce/gate.kernel.test.ts',
  'lab/lists.lab.test.ts',
];

export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rest = await super.sort(files);
    const long = LONG.flatMap((name) => rest.filter(({ moduleId }) => moduleId.endsWith(`/${name}`)));
    return [...long, ...rest.filter((file) => !long.includes(file))];
  }
}
