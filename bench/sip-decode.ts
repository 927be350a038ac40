/** CPU time of one `decodeSip` on typical messages: `node bench/sip-decode.ts`. */
import { createSipMessage, decodeSip } from '../src/core/decode/sip/decode.ts';

const lines = (...text: string[]) => new TextEncoder().encode(text.join('\r\n'));

const REGISTER = lines(
  'REGISTER sip:pbx.example.com SIP/2.0',
  'Via: SIP/2.0/UDP 192.0.2.10:5060;branch=z9hG4bK-524287-1---0f3eb40b11f97a9c;rport',
  'Max-Forwards: 70',
  'Contact: <sip:1000@192.0.2.10:5060;rinstance=1964f334d2b5ba69>',
  'To: "Alice" <sip:1000@pbx.example.com>',
  'From: "Alice" <sip:1000@pbx.example.com>;tag=5e00e125',
  'Call-ID: wSSsR1c-lUjKuRhxr0iEKA..',
  'CSeq: 2 REGISTER',
  'Expires: 3600',
  'User-Agent: Yealink SIP-T46S 66.86.0.15',
  'Authorization: Digest username="1000",realm="pbx.example.com",nonce="5f1e3d7c2b1a",uri="sip:pbx.example.com",response="0123456789abcdef0123456789abcdef",algorithm=MD5',
  'Content-Length: 0',
  '',
  '',
);
const OPTIONS = lines(
  'OPTIONS sip:100@192.0.2.1 SIP/2.0',
  'Via: SIP/2.0/UDP 198.51.100.7:5061;branch=z9hG4bK-1234567890;rport',
  'Content-Length: 0',
  'From: "sipvicious"<sip:100@1.1.1.1>;tag=6336313563353630313363340131363538353436383934',
  'Accept: application/sdp',
  'User-Agent: friendly-scanner',
  'To: "sipvicious"<sip:100@1.1.1.1>',
  'Contact: sip:100@198.51.100.7:5061',
  'CSeq: 1 OPTIONS',
  'Call-ID: 781326354875643728143765',
  'Max-Forwards: 70',
  '',
  '',
);
const SAMPLES = 300;
const ROUNDS = 2_000;

/** Nanoseconds of one call: the best of many short samples, since a shared machine only ever adds time. */
function measure(work: () => void): number {
  let best = Infinity;
  for (let sample = 0; sample < SAMPLES; sample++) {
    const before = process.hrtime.bigint();
    for (let i = 0; i < ROUNDS; i++) work();
    best = Math.min(best, Number(process.hrtime.bigint() - before) / ROUNDS);
  }
  return best;
}

const message = createSipMessage();
let checksum = 0;
for (const [name, bytes] of [
  ['REGISTER with credentials', REGISTER],
  ['OPTIONS of a scanner', OPTIONS],
] as const) {
  const decode = measure(() => decodeSip(bytes, 0, bytes.length, message));
  const touch = measure(() => {
    for (let i = 0; i < bytes.length; i++) if (bytes[i] >= 0x20) checksum++;
  });
  console.log(
    `${name}, ${bytes.length} bytes: ${decode.toFixed(0)} ns (${message.anomalies.length} anomalies); ` +
      `a loop that only looks at each byte: ${touch.toFixed(0)} ns`,
  );
}
if (checksum === 0) throw new Error('nothing was read');
