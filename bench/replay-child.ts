/** One run over a capture in a process of its own, so that CPU and memory are its alone. Prints one JSON line. */
import { openCapture } from '../src/capture/pcap-file.ts';
import { compilePolicy } from '../src/policy/compile.ts';
import { defaultDocument } from '../src/policy/default-document.ts';
import { replayFile } from '../src/replay/replay.ts';
import { parseRange } from '../src/core/base/address.ts';

const [what, path] = process.argv.slice(2);
const before = process.cpuUsage();
let messages = 0;
let sources = 0;
if (what === 'read') {
  const reader = openCapture(path);
  const frame = { bytes: new Uint8Array(0), start: 0, end: 0, wireLength: 0, side: 0 as const, at: 0, linkType: 0 };
  while (reader.next(frame as never)) messages++;
  reader.close();
} else {
  const protect = what === 'protect' ? [parseRange('192.0.2.0/24')!] : [];
  const result = replayFile(path, { policy: compilePolicy(defaultDocument), protect });
  messages = result.sip.messages;
  sources = result.incidents.length;
}
const used = process.cpuUsage(before);
console.log(
  JSON.stringify({
    messages,
    sources,
    cpuMicroseconds: used.user + used.system,
    peakMiB: process.resourceUsage().maxRSS / 1024,
  }),
);
