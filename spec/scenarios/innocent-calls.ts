/** Calls as people make them: wrong numbers, transfers, faxes, loops. */
import { inbound, merge, START, type Traffic } from '../traffic/datagram.ts';
import { Dialog } from '../traffic/dialog.ts';
import { WIRE_DISGUISES } from '../traffic/disguises.ts';
import { Phone } from '../traffic/phone.ts';
import { transact } from '../traffic/registrar.ts';
import { PBXS, PHONES } from '../traffic/shapes.ts';
import { requestText, sdp } from '../traffic/sip-text.ts';
import { DESK, desk, OFFICE, office, pbx, SECOND } from './scene.ts';
import type { Group } from './scenario.ts';

const CHALLENGED = { challengeCalls: 407 } as const;

/** A PBX that forwards to a phone that forwards back: the same call comes in again and again, each time with one Via more. */
function loop(): Traffic {
  const server = pbx({ callStatus: () => 482 });
  return desk(server, (phone) => {
    for (let call = 0; call < 3; call++) {
      const r = phone.request('INVITE', '2002', { body: sdp(phone.inside.host, 20_000) });
      for (let turn = 0; turn < 12; turn++)
        transact(
          phone.traffic,
          server,
          { ...r, branch: `${r.branch}${turn}`, headers: { 'Max-Forwards': String(70 - turn) } },
          phone.shape,
          START + call * 5 * SECOND + turn * 40,
          phone.endpoint,
        );
    }
  });
}

/** Video: an offer of many lines, larger than a packet. */
function video(): Traffic {
  const lines = Array.from(
    { length: 60 },
    (_, i) =>
      `a=rtpmap:${96 + (i % 30)} H264/90000\r\na=fmtp:${96 + (i % 30)} profile-level-id=42e01f;packetization-mode=1;level=${i}`,
  );
  const body = `${sdp(DESK.host, 30_000)}m=video 30002 RTP/AVP 96\r\n${lines.join('\r\n')}\r\n`;
  return desk(pbx(CHALLENGED), (phone) => {
    phone.register(START);
    for (let i = 0; i < 3; i++)
      new Dialog(phone, START + 2 * SECOND + i * 6 * SECOND, '2002', { body }).send(
        'BYE',
        START + 7 * SECOND + i * 6 * SECOND,
      );
  });
}

export const CALLS: Group = {
  title: 'Calls',
  kind: 'innocent',
  scenarios: [
    {
      name: 'a wrong number, dialled twice',
      note: 'calls abroad that are refused',
      traffic: () =>
        desk(pbx({ ...CHALLENGED, callStatus: () => 484 }), (phone) => {
          phone.register(START);
          phone.call(START + 4 * SECOND, '00972595551');
          phone.call(START + 12 * SECOND, '0097259555');
        }),
    },
    {
      name: 'a wrong number, dialled twice without a password',
      note: 'toll fraud',
      traffic: () =>
        desk(pbx({ callStatus: () => 404 }), (phone) => {
          phone.call(START, '00972595551');
          phone.call(START + 8 * SECOND, '00972595551');
        }),
    },
    {
      name: 'a call centre that calls abroad all day',
      note: 'toll fraud: three calls a second to numbers abroad',
      traffic: () =>
        desk(
          pbx({ ...CHALLENGED, callStatus: (n) => (n.endsWith('7') ? 404 : n.endsWith('3') ? 486 : 200) }),
          (phone) => {
            for (let i = 0; i < 60; i++) {
              phone.nonce = null;
              phone.call(START + i * 330, `0044207946${String(i * 163).padStart(4, '0')}`, 8_000);
            }
          },
          PBXS.freeswitch,
        ),
    },
    {
      name: 'a user who tries three ways to dial one number abroad',
      note: 'prefix walking',
      traffic: () =>
        desk(pbx({ ...CHALLENGED, callStatus: () => 404 }), (phone) => {
          for (const [i, n] of ['+442079460123', '00442079460123', '900442079460123', '02079460123'].entries())
            phone.call(START + i * 6 * SECOND, n);
        }),
    },
    {
      name: 'an emergency call without a password',
      note: 'a call of somebody unknown',
      traffic: () =>
        desk(pbx(), (phone) => {
          phone.call(START, '112', 10_000);
          phone.call(START + 15 * SECOND, '112', 5_000);
        }),
    },
    {
      name: 'a forwarding loop',
      note: 'one call a dozen times within half a second',
      traffic: loop,
    },
    {
      name: 'an attended transfer',
      note: 'REFER, and an INVITE that replaces a call',
      traffic: () =>
        desk(pbx(CHALLENGED), (phone) => {
          phone.register(START);
          const first = new Dialog(phone, START + SECOND, '2002');
          const second = new Dialog(phone, START + 8 * SECOND, '2003');
          first.send('INVITE', START + 7 * SECOND);
          first.send('REFER', START + 14 * SECOND, {
            headers: { 'Refer-To': `<sip:2003@192.0.2.10?Replaces=${second.invite.callId}>` },
          });
          first.asked('NOTIFY', START + 14_200, 200);
          first.asked('BYE', START + 15 * SECOND, 200);
          second.asked('BYE', START + 15_100, 200);
        }),
    },
    {
      name: 'early media that is acknowledged',
      note: 'PRACK and UPDATE before the answer',
      traffic: () =>
        desk(pbx(CHALLENGED), (phone) => {
          phone.register(START);
          for (let i = 0; i < 3; i++) {
            const at = START + 2 * SECOND + i * 6 * SECOND;
            const call = new Dialog(phone, at, '2002');
            call.send('PRACK', at + 300);
            call.send('UPDATE', at + 500);
            call.send('BYE', at + 5 * SECOND);
          }
        }),
    },
    {
      name: 'a fax that changes to T.38, and back',
      note: 're-INVITEs that are refused',
      traffic: () => {
        const server = pbx({
          ...CHALLENGED,
          dialogStatus: (r) => (r.method === 'INVITE' && r.cseq === 201 ? 488 : 200),
        });
        return desk(server, (phone) => {
          phone.register(START);
          for (let i = 0; i < 3; i++) {
            const at = START + 2 * SECOND + i * 6 * SECOND;
            const call = new Dialog(phone, at, '2002');
            call.send('INVITE', at + 4 * SECOND, { body: 'v=0\r\nm=image 4000 udptl t38\r\n' });
            call.send('INVITE', at + 4_300);
            call.send('BYE', at + 5 * SECOND);
          }
        });
      },
    },
    {
      name: 'both hang up at the same moment',
      note: 'BYE for a call that is over',
      traffic: () =>
        desk(pbx({ ...CHALLENGED, dialogStatus: () => 481 }), (phone) => {
          phone.register(START);
          for (let i = 0; i < 14; i++) {
            const at = START + SECOND + i * 1_200;
            const call = new Dialog(phone, at, '2002');
            call.asked('BYE', at + 4 * SECOND, 200);
            call.send('BYE', at + 4_005);
          }
        }),
    },
    {
      name: 'an outbound dialler that cancels what is not answered soon',
      note: 'CANCEL after CANCEL',
      traffic: () =>
        desk(
          pbx({ callStatus: (n) => (Number(n) % 3 === 0 ? 200 : 487) }),
          (phone) => {
            for (let i = 0; i < 40; i++) phone.call(START + i * 400, `02079461${String(i).padStart(3, '0')}`, 3_000);
          },
          PBXS.asterisk,
        ),
    },
    {
      name: 'calls that are answered by many phones',
      note: 'six answers to each INVITE',
      traffic: () =>
        desk(pbx({ ...CHALLENGED, forks: 6 }), (phone) => {
          for (let i = 0; i < 8; i++) phone.call(START + i * 2 * SECOND, '2002', SECOND);
        }),
    },
    {
      name: 'a video phone whose offer needs three fragments',
      note: 'fragments of UDP',
      traffic: video,
      wire: WIRE_DISGUISES['IP fragments'],
    },
    {
      name: 'session timers of twenty calls',
      note: 're-INVITEs for calls that were made before',
      traffic: () =>
        office(pbx(CHALLENGED), 20, (phone, i) => {
          phone.register(START + i * 20);
          for (let k = 0; k < 3; k++) phone.reinvite(START + 3 * SECOND + k * 5 * SECOND + i * 40, '2002');
        }),
    },
    {
      name: 'somebody who calls his own number for his messages',
      note: 'From equal to To',
      traffic: () =>
        desk(pbx(CHALLENGED), (phone) => {
          for (let i = 0; i < 5; i++) phone.call(START + i * 4 * SECOND, '2001', 2_000);
        }),
    },
    {
      name: 'a phone that uses one nonce for all its calls to one number',
      note: 'credentials that were seen before',
      traffic: () =>
        desk(pbx({ ...CHALLENGED, nonceLifetimeMs: 600 * SECOND }), (phone) => {
          for (let i = 0; i < 10; i++) phone.call(START + i * 2 * SECOND, '2002', SECOND);
        }),
    },
    {
      name: 'an office that plays calls to itself through a proxy',
      note: 'one call, one set of credentials, from two addresses',
      traffic: () => {
        const server = pbx(CHALLENGED);
        const traffic: Traffic = [];
        const shape = PHONES.snom;
        for (let i = 0; i < 6; i++) {
          const phone = new Phone(traffic, server, {
            endpoint: { ...OFFICE, port: 41_000 + i },
            user: String(1000 + i),
            shape,
            seed: i + 1,
          });
          const call = new Dialog(phone, START + i * SECOND, '2002');
          const text = requestText({ ...call.invite, credentials: phone.credentials(phone.nonce!, true) }, shape);
          const via = `Via: SIP/2.0/UDP 198.18.9.9:5060;branch=z9hG4bKproxy${i}\r\n`;
          traffic.push(
            inbound(
              START + i * SECOND + 500,
              { ...DESK, host: '198.18.9.9', address: { ...DESK.address, w3: 0xc6120909 } },
              server.endpoint,
              text.replace('Via:', `${via}Via:`),
            ),
          );
        }
        return merge(traffic);
      },
    },
  ],
};
