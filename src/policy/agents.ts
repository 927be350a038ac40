/**
 * The two lists of user agents that a new installation starts with. A plain entry matches whole words anywhere in the value of
 * the User-Agent header, `=entry` the whole value; case never counts.
 *
 * Invariant: nothing that a customer's phone, softphone or PBX could send is *certain*: one false entry there cuts off an office.
 * The names come from the default user agents of the tools themselves (SIPVicious, SIPPTS, Nmap's NSE scripts, sipcli, SiVuS,
 * smap, iWar, SIP Army Knife) and from public block lists of PBX distributions; a name is *certain* only when it names an attack
 * tool and nothing else.
 */
export const CERTAIN_AGENTS: readonly string[] = [
  'friendly-scanner', // SIPVicious' default; by far the most frequent on the Internet
  'friendly-request',
  'sipvicious',
  'sipv',
  'sundayddr',
  'sipcli',
  'sip-scan',
  'sipscan',
  'pplsip', // SIPPTS
  'sippts',
  'sipptk',
  'VaxSIPUserAgent',
  'VaxIPUserAgent',
  'iWar',
  'smap',
  'sivus',
  'siparmyknife',
  'Gulp',
  'Nmap NSE',
];

/**
 * Old softphones, SDKs and generic names that attack tools like to wear. Real customers send them too, so they only add
 * `suspicionWeight` to the score of the other detectors.
 */
export const SUSPICIOUS_AGENTS: readonly string[] = [
  'sipsak',
  'sipp',
  'eyeBeam',
  'X-Lite',
  '=xlite',
  'CSipSimple',
  'MizuPhone',
  'Z 3', // early Zoiper
  'Cisco-SIPGateway',
  'PortSIP VoIP SDK',
  'Ozeki VoIP SIP SDK',
  'Custom SIP Phone',
  '=Test Agent',
  '=PBX',
  '=voip',
  '=VoIP SIP',
];
