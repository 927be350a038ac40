/** One scan from each of many addresses: an OPTIONS that says that it is a scanner. Arguments: target, pause between two in milliseconds, addresses. */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';

const [target, pauseMs, ...addresses] = process.argv.slice(2);
for (const [i, address] of addresses.entries()) {
  const socket = createSocket('udp4');
  socket.bind(5060, address);
  await once(socket, 'listening');
  const lines = [
    `OPTIONS sip:100@${target} SIP/2.0`,
    `Via: SIP/2.0/UDP ${address}:5060;branch=z9hG4bK-scan-${i}`,
    `From: <sip:100@${address}>;tag=${i}`,
    `To: <sip:100@${target}>`,
    `Call-ID: scan-${i}@${address}`,
    'CSeq: 1 OPTIONS',
    'User-Agent: friendly-scanner',
    'Max-Forwards: 70',
    'Content-Length: 0',
  ];
  await new Promise<void>((sent) => socket.send(`${lines.join('\r\n')}\r\n\r\n`, 5060, target, () => sent()));
  socket.close();
  await pause(Number(pauseMs));
}
