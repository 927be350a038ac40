import { expect, test } from 'vitest';
import { compilePolicy } from './compile.ts';
import { withConsolePort } from './console-port.ts';
import { defaultDocument } from './default-document.ts';

const policy = (management: string) =>
  compilePolicy({ ...defaultDocument, ports: { ...defaultDocument.ports, management } });

test.each([
  ['22', 8470, ['22-22', '8470-8470']],
  ['22', null, ['22-22']],
  ['22,8470', 8470, ['22-22', '8470-8470']],
  ['22,8000-9000', 8470, ['22-22', '8000-9000']],
])('management %s and the console on %s', (management, port, ranges) => {
  const { ports } = withConsolePort(policy(management), port);
  expect(ports.management.map(({ first, last }) => `${first}-${last}`)).toEqual(ranges);
});
