/** Argv: data directory, number of reports. Sends that many blocks as fast as it can, says the console's pid, and waits to be killed. */
import { blockRecord, GuardStandIn } from './guard-stand-in.ts';

const [data, count] = process.argv.slice(2);
const guard = await GuardStandIn.start(data);
for (let i = 0; i < Number(count); i++) {
  guard.report({ type: 'blocked', block: blockRecord({ address: `198.51.${100 + (i >> 8)}.${i & 255}` }) });
}
// The last report has left this process when its callback comes; none of it was waited for.
guard.console.send({ kind: 'answer', id: 0, ok: true, value: null }, () => {
  process.stdout.write(`${guard.console.pid}\n`);
});
setInterval(() => {}, 1000);
