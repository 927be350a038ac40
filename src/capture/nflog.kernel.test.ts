/** The tap on real traffic: what it shows, from which side, and that it never hides a loss. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { SIDE_IN, SIDE_OUT, type Frame } from '../core/base/frame.ts';
import { parseAddress } from '../core/base/address.ts';
import { Elements } from '../enforce/elements.ts';
import { Nftables } from '../enforce/nftables.ts';
import { renderRuleset } from '../enforce/ruleset.ts';
import { Poll, Wake } from '../ffi/libc.ts';
import { assertNoLeaks, connect, missingForKernelTests, Namespace } from '../../test/netns.ts';
import { tcpAnswers, tcpConnect, tcpEcho, UdpEnd } from '../../test/traffic.ts';
import { NflogTap } from './nflog.ts';

const GROUP = 21;
const HOUR_MS = 3_600_000;
const port = (first: number) => [{ first, last: first }];

interface Seen {
  side: 'in' | 'out' | 'unknown';
  version: number;
  /** After IPv4's or IPv6's fixed header. */
  next: number;
  text: string;
  length: number;
  wireLength: number;
}

function seen({ bytes, start, end, side, wireLength }: Frame): Seen {
  const version = bytes[start] >> 4;
  return {
    side: side === SIDE_IN ? 'in' : side === SIDE_OUT ? 'out' : 'unknown',
    version,
    next: version === 4 ? bytes[start + 9] : bytes[start + 6],
    text: Buffer.from(bytes.subarray(start, end)).toString('latin1'),
    length: end - start,
    wireLength,
  };
}

describe.skipIf(missingForKernelTests() !== null)('the tap', () => {
  let host: Namespace;
  let net: Namespace;
  let tap: NflogTap;
  const open: UdpEnd[] = [];
  const end = async (ns: Namespace, address: string, bound = 0) => {
    const made = await UdpEnd.open(ns, address, bound);
    open.push(made);
    return made;
  };

  /** Frames until one holds `last`, in order; the tap must show it within two seconds. */
  const until = async (last: string): Promise<Seen[]> => {
    const frames: Seen[] = [];
    for (const stop = Date.now() + 2000; Date.now() < stop;) {
      tap.read((frame) => frames.push(seen(frame)));
      if (frames.at(-1)?.text.includes(last)) return frames;
      await new Promise((resolve) => setImmediate(resolve));
    }
    throw new Error(`the tap did not show ${last}; it showed ${frames.length} frames`);
  };

  beforeAll(async () => {
    host = new Namespace('host');
    net = new Namespace('net');
    connect(host, ['10.76.0.1/24', 'fd76::1/64'], net, ['10.76.0.2/24', 'fd76::2/64']);
    await host.inside(() =>
      new Nftables().apply(
        renderRuleset(
          {
            mode: 'protect',
            ports: { sipUdp: port(5060), sipTcp: port(5060), tftp: port(69), management: port(22) },
            guests: [],
            block: { durationMs: HOUR_MS, extend: true, permanentAfter: 3, rememberMs: HOUR_MS },
            wayIn: null,
            limit: { invitesPerSecond: 1, durationMs: HOUR_MS },
            countries: { mode: 'off', protocols: { sipUdp: true, sipTcp: true, tftp: true } },
            feeds: [],
          },
          { nflogGroup: GROUP },
        ),
      ),
    );
  });
  beforeEach(async () => {
    tap = await host.inside(() => new NflogTap({ group: GROUP }));
  });
  afterEach(() => {
    tap.close();
    for (const socket of open.splice(0)) socket.close();
  });
  afterAll(async () => {
    await host?.close();
    await net?.close();
    assertNoLeaks();
  });

  describe.each([
    { family: 'IPv4', pbx: '10.76.0.1', phone: '10.76.0.2', version: 4 },
    { family: 'IPv6', pbx: 'fd76::1', phone: 'fd76::2', version: 6 },
  ])('$family', ({ pbx, phone, version }) => {
    test('requests come in, answers go out, other traffic is not shown', async () => {
      const server = await end(host, pbx, 5060);
      const web = await end(host, pbx, 8080);
      const client = await end(net, phone);
      await client.send('not ours', pbx, web.port);
      await client.send('OPTIONS', pbx, 5060);
      expect(await server.has('OPTIONS')).toBe(true);
      await web.send('not ours either', phone, client.port);
      await server.send('SIP/2.0 200', phone, client.port);
      const frames = await until('SIP/2.0 200');
      expect(frames.map((f) => [f.side, f.version, f.next])).toEqual([
        ['in', version, 17],
        ['out', version, 17],
      ]);
      expect(frames[0].text.endsWith('OPTIONS')).toBe(true);
      expect(frames[0].length).toBe(frames[0].wireLength);
    });

    test('all segments of a TCP connection, from the first to the last', async () => {
      const server = await tcpEcho(host, pbx, 5060);
      const socket = (await tcpConnect(net, phone, pbx, 5060))!;
      expect(await tcpAnswers(socket, true)).toBe(true);
      socket.write('the end');
      const frames = await until('the end');
      const flags = (f: Seen) => f.text.charCodeAt((version === 4 ? 20 : 40) + 13);
      expect(frames.every((f) => f.next === 6)).toBe(true);
      expect([frames[0].side, flags(frames[0])]).toEqual(['in', 0x02]);
      expect([frames[1].side, flags(frames[1]) & 0x12]).toEqual(['out', 0x12]);
      // Both ends are gone before the next test looks.
      const closed = new Promise((resolve) => server.close(resolve));
      socket.end();
      await closed;
    });

    test('a datagram in fragments is shown whole, or as all its fragments', async () => {
      const server = await end(host, pbx, 5060);
      const client = await end(net, phone);
      const long = `INVITE${'x'.repeat(4000)}done`;
      await client.send(long, pbx, 5060);
      expect(await server.has(long)).toBe(true);
      const frames = await until('done');
      expect(frames.every((f) => f.side === 'in')).toBe(true);
      // The IPv4 stack reassembles before the input hook, the IPv6 stack after it (next header 44: fragment).
      if (version === 4) expect(frames.map((f) => [f.next, f.length])).toEqual([[17, 20 + 8 + long.length]]);
      else {
        expect(frames.map((f) => f.next)).toEqual([44, 44, 44]);
        expect(frames.reduce((sum, f) => sum + f.length - 48, 0)).toBe(8 + long.length);
      }
    });

    test('TFTP: the request, and how it was answered from the transfer’s own port; not the file', async () => {
      const server = await end(host, pbx, 69);
      const transfer = await end(host, pbx);
      const client = await end(net, phone);
      const stranger = await end(net, phone);
      await client.send('\x00\x01SEP001122334455.cnf\x00octet\x00', pbx, 69);
      expect(await server.has('\x00\x01SEP001122334455.cnf\x00octet\x00')).toBe(true);
      await transfer.send('\x00\x05\x00\x01no such file\x00', phone, stranger.port); // nobody asked
      await transfer.send('\x00\x06tsize\x00100\x00', phone, client.port);
      await transfer.send('\x00\x03\x00\x01first block', phone, client.port);
      await transfer.send('\x00\x03\x00\x02second block', phone, client.port);
      await transfer.send('\x00\x05\x00\x01not found\x00', phone, client.port);
      const frames = await until('not found');
      expect(frames.map((f) => [f.side, f.text.slice((version === 4 ? 20 : 40) + 8).replace(/[^ -~]/g, '')])).toEqual([
        ['in', 'SEP001122334455.cnfoctet'],
        ['out', 'tsize100'],
        ['out', 'first block'],
        ['out', 'not found'],
      ]);
    });

    test('what this host’s own firewall drops is shown all the same; what we drop is not', async () => {
      host.nft('table inet theirs { chain c { type filter hook input priority 0; udp dport 5060 drop; }; }');
      const client = await end(net, phone);
      const elements = await host.inside(() => new Elements());
      await client.send('REGISTER 1', pbx, 5060);
      expect((await until('REGISTER 1')).length).toBe(1);
      elements.block(parseAddress(phone)!, HOUR_MS);
      await client.send('REGISTER 2', pbx, 5060);
      expect(elements.unblock(parseAddress(phone)!)).toBe(true);
      await client.send('REGISTER 3', pbx, 5060);
      expect((await until('REGISTER 3')).length).toBe(1);
      elements.close();
      host.nft('delete table inet theirs');
    });

    test('the largest datagram', async () => {
      await end(host, pbx, 5060);
      const client = await end(net, phone);
      const text = `OPTIONS${'y'.repeat(60_000)}`;
      await client.send(text, pbx, 5060);
      await client.send('after', pbx, 5060);
      const frames = await until('after');
      if (version === 4) expect(frames[0].length).toBe(28 + text.length);
      expect(tap.lost).toBe(0);
    });
  });

  test('lost packets are counted, all of them, and the tap goes on', async () => {
    tap.close();
    // A receive buffer for a handful of batches, and nobody reading.
    tap = await host.inside(() => new NflogTap({ group: GROUP, receiveBufferBytes: 4096 }));
    await end(host, '10.76.0.1', 5060);
    const client = await end(net, '10.76.0.2');
    const sent = 500;
    for (let i = 0; i < sent; i++) await client.send(`OPTIONS ${i}${'z'.repeat(500)}`, '10.76.0.1', 5060);
    let read = 0;
    const drain = () => {
      while (tap.read(() => read++) > 0);
    };
    drain();
    expect(read).toBeLessThan(sent);
    expect(tap.overruns).toBeGreaterThan(0);
    // The gap shows with the next packet that arrives.
    await client.send('last', '10.76.0.1', 5060);
    await until('last');
    expect(read + tap.lost).toBe(sent);
    expect(tap.frames).toBe(read + 1);
  });

  test('the threshold collects packets into batches, and the timer delivers what stays below it', async () => {
    await end(host, '10.76.0.1', 5060);
    const client = await end(net, '10.76.0.2');
    const poll = new Poll([tap.fd]);
    tap.setQueueThreshold(8);
    for (let i = 0; i < 8; i++) await client.send(`m${i}`, '10.76.0.1', 5060);
    expect(poll.wait(2000)).toBe(1);
    expect(tap.read(() => {})).toBe(8);
    // One alone: after the kernel's 10 ms.
    await client.send('alone', '10.76.0.1', 5060);
    const before = performance.now();
    expect(poll.wait(2000)).toBe(1);
    expect(performance.now() - before).toBeLessThan(500);
    expect(tap.read(() => {})).toBe(1);
    tap.setQueueThreshold(1);
    for (let i = 0; i < 3; i++) await client.send(`s${i}`, '10.76.0.1', 5060);
    expect([tap.read(() => {}), tap.read(() => {}), tap.read(() => {})]).toEqual([1, 1, 1]);
    expect(tap.read(() => {})).toBe(0);
  });

  test('another thread can wake the poll', async () => {
    const wake = new Wake();
    const poll = new Poll([tap.fd, wake.fd]);
    expect(poll.wait(0)).toBe(0);
    new Wake(wake.fd).ring();
    expect(poll.wait(1000)).toBe(2);
    expect([wake.clear(), wake.clear(), poll.wait(0)]).toEqual([true, false, 0]);
    wake.close();
  });

  test('one listener for each group', async () => {
    await expect(host.inside(() => new NflogTap({ group: GROUP }))).rejects.toMatchObject({ code: 'nflog-group-busy' });
    const other = await host.inside(() => new NflogTap({ group: GROUP + 1 }));
    other.close();
  });
});
