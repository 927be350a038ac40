/**
 * Sends malformed SIP over UDP: `node lab/malformed-program.ts HOST PORT RATE COUNT`. Each message is broken in another way, and each
 * would make some parser fail: the shapes are those of the RFC 4475 torture tests and of public fuzzers.
 */
import { createSocket } from 'node:dgram';
import { isIPv6 } from 'node:net';

const [host, port, rate, count] = process.argv.slice(2);

const BROKEN: ((n: number) => string)[] = [
  (n) =>
    `INVITE sip:1000@${host} SIP/2.0\r\nVia: SIP/2.0/UDP\r\nFrom\r\nTo: <<<>\r\nCall-ID: ${n}\r\nCSeq: minus INVITE\r\n\r\n`,
  (n) => `REGISTER sip:${host} SIP/7.0\r\nCSeq: 99999999999 REGISTER\r\nCall-ID: ${n}\r\nContent-Length: -1\r\n\r\n`,
  (n) =>
    `OPTIONS  sip:${host}  SIP/2.0\r\nVia: SIP/2.0/UDP x;branch=z9hG4bK${n};;;=\r\nContent-Length: 99999999999999999999\r\n\r\n`,
  (n) =>
    `INVITE sip:%zz@${host} SIP/2.0\r\nFrom: "unterminated <sip:a@b>;tag=${n}\r\nTo: <sip:b@c\r\nCSeq: ${n} BYE\r\n\r\n`,
  (n) => `\x80\x00\xff SIP/2.0\r\n${'A'.repeat(300)}: ${n}\r\n\r\n`,
];

const socket = createSocket(isIPv6(host) ? 'udp6' : 'udp4');
socket.on('error', () => {}); // an unreachable port is no reason to stop
let sent = 0;
const began = performance.now();
const timer = setInterval(() => {
  const due = Math.min(Number(count), Math.ceil(((performance.now() - began) / 1000) * Number(rate)));
  for (; sent < due; sent++) socket.send(Buffer.from(BROKEN[sent % BROKEN.length](sent), 'latin1'), Number(port), host);
  if (sent >= Number(count)) {
    clearInterval(timer);
    socket.close();
    console.log(`${sent} malformed messages sent`);
  }
}, 5);
