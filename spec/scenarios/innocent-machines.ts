/** Providers, monitoring, provisioning. */
import { atPort, inbound, merge, neighbour, outbound, START, type Traffic } from '../traffic/datagram.ts';
import { Dialog } from '../traffic/dialog.ts';
import { WIRE_DISGUISES } from '../traffic/disguises.ts';
import { TFTP } from '../traffic/good-cases.ts';
import { Phone } from '../traffic/phone.ts';
import type { RegistrarOptions } from '../traffic/registrar.ts';
import { PBXS, PHONES, TOOLS } from '../traffic/shapes.ts';
import { requestText, responseText, type SipRequest } from '../traffic/sip-text.ts';
import { tftpAsk, tftpBoot } from '../traffic/tftp.ts';
import { DESK, desk, PBX, pbx, PROVIDER, SECOND } from './scene.ts';
import type { Group } from './scenario.ts';

const carrier = (traffic: Traffic, options: Partial<RegistrarOptions> = {}, at = PROVIDER) =>
  new Phone(traffic, pbx(options), { endpoint: at, user: '+442079460000', shape: PBXS.carrier, seed: 9 });

export function ofProvider(options: Partial<RegistrarOptions>, act: (line: Phone) => void): Traffic {
  const traffic: Traffic = [];
  act(carrier(traffic, options));
  return merge(traffic);
}

/** Our side as the provider's customer: it registers, calls, hangs up, and is challenged for all of it. */
function customer(): Traffic {
  const traffic: Traffic = [];
  const shape = PBXS.asterisk;
  const challenge = { realm: 'carrier.example', nonce: 'c0ffee', stale: false };
  const ask = (
    method: string,
    at: number,
    callId: string,
    toTag: string | undefined,
    status: number,
    known: boolean,
  ) => {
    const r: SipRequest = {
      ...{
        method,
        uri: `sip:${PROVIDER.host}`,
        from: PBX,
        domain: PROVIDER.host,
        fromUser: '4420',
        toUser: '4420',
        toTag,
      },
      ...{
        fromTag: `our${callId}`,
        branch: `z9hG4bK${method}${callId}${known ? 'b' : 'a'}`,
        callId,
        cseq: known ? 2 : 1,
      },
      credentials: known
        ? { user: '4420', password: 'ours', realm: 'carrier.example', nonce: 'c0ffee', proxy: true }
        : undefined,
    };
    traffic.push(outbound(at, PBX, PROVIDER, requestText(r, shape)));
    const answer = responseText(r, shape, PBX, {
      status,
      toTag: `theirs${callId}`,
      challenge: status === 407 ? challenge : undefined,
    });
    traffic.push(inbound(at + 20, PROVIDER, PBX, answer));
  };
  for (let i = 0; i < 6; i++) {
    const at = START + i * 3 * SECOND;
    ask('REGISTER', at, `r${i}`, undefined, 407, false);
    ask('REGISTER', at + 50, `r${i}`, undefined, 200, true);
    ask('INVITE', at + 200, `c${i}`, undefined, 407, false);
    ask('INVITE', at + 250, `c${i}`, undefined, 200, true);
    ask('BYE', at + 2_000, `c${i}`, `theirsc${i}`, 407, false);
    ask('BYE', at + 2_050, `c${i}`, `theirsc${i}`, 200, true);
    // And it calls us, and challenges what we send in that call, too.
    const dialog = new Dialog(carrier(traffic), at + 300, '2002');
    dialog.asked('UPDATE', at + 5_000, 407, challenge);
  }
  return merge(traffic);
}

/** A provider with two addresses in different networks: one calls, the other hangs up. */
function twoAddresses(): Traffic {
  const traffic: Traffic = [];
  const other = neighbour(PROVIDER, 7 * 256);
  const second = carrier(traffic, {}, other);
  const first = carrier(traffic);
  new Dialog(second, START, '2009');
  for (let i = 0; i < 10; i++)
    new Dialog(first, START + 4 * SECOND + i * 800, '2002').send('BYE', START + 9 * SECOND + i * 800, {}, other);
  return merge(traffic);
}

/** What a load balancer or a monitor sends: the least that is a request. */
function healthChecks(everyMs: number, count: number, from = DESK): Traffic {
  return desk(
    pbx(),
    (phone) => {
      for (let i = 0; i < count; i++) phone.options(START + i * everyMs);
    },
    { ...TOOLS.nameless, userAgent: null, extra: {} },
    from,
  );
}

export const PROVIDERS: Group = {
  title: 'Providers',
  kind: 'innocent',
  scenarios: [
    {
      name: 'a provider that offers numbers in international form',
      note: 'calls abroad without credentials, some refused',
      traffic: () =>
        ofProvider({ callStatus: (n) => (n.endsWith('9') ? 404 : 200) }, (line) => {
          for (let i = 0; i < 40; i++) line.call(START + i * 400, `+4420794600${String(i).padStart(2, '0')}`, 3_000);
        }),
    },
    {
      name: 'a provider that tries a number in three forms',
      note: 'prefix walking',
      traffic: () =>
        ofProvider({ callStatus: (n) => (n.startsWith('0') ? 200 : 404) }, (line) => {
          for (let i = 0; i < 8; i++)
            ['+4420794601', '004420794601', '020794601'].forEach((form, k) =>
              line.call(START + i * 2_000 + k * 100, `${form}${String(i).padStart(2, '0')}`, SECOND),
            );
        }),
    },
    {
      name: 'a provider that our side is a customer of',
      note: 'the digest leak: everything that our side sends is challenged',
      traffic: customer,
    },
    {
      name: 'a provider that hangs up from another address',
      note: 'BYE for calls of another address',
      traffic: twoAddresses,
    },
    {
      name: 'two PBXs that are peers',
      note: 'OPTIONS every second, calls without credentials both ways',
      traffic: () =>
        ofProvider({}, (line) => {
          for (let i = 0; i < 20; i++) {
            line.options(START + i * SECOND);
            line.asked(START + i * SECOND + 300, 'OPTIONS', 200);
            if (i % 4 === 0) line.call(START + i * SECOND + 100, `30${String(i).padStart(2, '0')}`, 3_000);
          }
        }),
    },
  ],
};

export const MACHINES: Group = {
  title: 'Monitoring and provisioning',
  kind: 'innocent',
  scenarios: [
    {
      name: 'a monitor that asks every second',
      note: 'an OPTIONS scan by a tool that attackers use, too',
      traffic: () =>
        desk(
          pbx(),
          (phone) => {
            for (let i = 0; i < 25; i++) phone.options(START + i * SECOND, 'monitor');
          },
          { ...PHONES.cisco, userAgent: 'sipsak 0.9.8.1' },
        ),
    },
    {
      name: 'health checks of a load balancer',
      note: 'OPTIONS without a user, ten a second',
      traffic: () => healthChecks(100, 240),
    },
    {
      name: 'health checks over TCP',
      note: 'OPTIONS over one connection',
      traffic: () => healthChecks(500, 40),
      wire: WIRE_DISGUISES.TCP,
    },
    {
      name: 'a health check that expects 404',
      note: 'an unknown user, again and again',
      traffic: () =>
        desk(pbx({ optionsStatus: () => 404 }), (phone) => {
          for (let i = 0; i < 40; i++) phone.options(START + i * 500, 'health');
        }),
    },
    {
      name: '200 phones that fetch their files after a power cut',
      note: 'eight hundred names over TFTP that do not exist',
      traffic: () =>
        merge(
          ...Array.from({ length: 200 }, (_, i) => {
            const mac = (0x0004f2a00000 + i * 977).toString(16).toUpperCase().padStart(12, '0');
            return tftpBoot(TFTP, atPort(neighbour(DESK, i + 100), 49_152), mac, START + i * 80);
          }),
        ),
    },
    {
      name: 'a phone that looks for eight files that are not there',
      note: 'guessing names of files',
      traffic: () =>
        tftpAsk(
          TFTP,
          atPort(DESK, 50_000),
          [
            'y000000000028.cfg',
            '001565aabbcc.cfg',
            '001565aabbcc.boot',
            'y000000000000.boot',
            'lang/en.txt',
            'logo.dob',
            'ring/Ring1.wav',
            'dialplan.xml',
          ],
          START,
          400,
        ),
    },
    {
      name: 'a phone that asks for one file until it is there',
      note: 'a name that does not exist, fifty times',
      traffic: () =>
        merge(
          ...Array.from({ length: 50 }, (_, i) =>
            tftpAsk(TFTP, atPort(DESK, 51_000 + i), ['SEP001122334455.cnf.xml'], START + i * 400, 1),
          ),
        ),
    },
  ],
};
