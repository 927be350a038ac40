/** Many attacks as one message: a campaign of many sources, and what stood behind the hard cap of a channel. */
import type { RenderOptions } from '../channel.ts';
import type { CampaignFacts, CampaignNotice, StormNotice } from '../notice.ts';
import { attacksTable } from './attack-content.ts';
import { content, type Content, type Fact, type Table } from './content.ts';
import { counted, country, moment, network, number, span } from './figures.ts';
import { METHOD_WORDS } from './method-words.ts';
import { strangersText } from './strangers-text.ts';

export function campaignContent({ kind, campaign, attachments }: CampaignNotice, { timeZone }: RenderOptions): Content {
  const over = kind === 'campaign-ended';
  const size = `${counted(campaign.sources, 'source')}`;
  const lasted = span(campaign.last - campaign.first);
  const now = `${size} attack together since ${moment(campaign.first, timeZone)}; ${number(campaign.blocked)} of them are blocked.`;
  const past = `${size} attacked together for ${lasted}; ${number(campaign.blocked)} of them were blocked.`;
  return content({
    subject: over ? `Over: attack by ${size}` : `Under attack now by ${size}`,
    tone: over ? 'over' : 'attack',
    badge: over ? 'Over' : 'Under attack',
    headline: over ? `The attack by ${size} is over` : `Under attack now by ${size}`,
    summary: `${over ? past : now} You get this one message instead of one for each source.`,
    facts: campaignFacts(campaign, timeZone),
    tables: campaignTables(campaign),
    steps: campaign.next,
    link: campaign.link,
    attachments,
    attached: attachments.length > 0 ? attachedText(campaign) : null,
  });
}

function attachedText({ incidents, unlisted }: CampaignFacts): string {
  if (unlisted === 0) return 'The attached CSV has every attack.';
  return `The attached CSV and the figures have the first ${counted(incidents - unlisted, 'attack')}; the attack log has all.`;
}

export function stormContent(notice: StormNotice, { timeZone }: RenderOptions): Content {
  const { campaign, notices, perHourMax, from, to, cause, lines, lost } = notice;
  const all = counted(notices, 'message');
  const why = {
    cap: `More than ${number(perHourMax)} messages in an hour would have gone out here`,
    'quiet-hours': 'They were held back in the quiet hours',
    outage: 'Nothing could be delivered here for a while',
  };
  const left = lost > 0 ? ` ${counted(lost, 'more message')} did not fit: the attack log has all.` : '';
  const other: Table[] =
    lines.length === 0
      ? []
      : [
          {
            title: 'Other messages',
            titles: ['When', 'What'],
            rows: lines.map(({ at, text }) => [moment(at, timeZone), strangersText(text, 200)]),
            more: null,
          },
        ];
  return content({
    subject: `${all} in one, from ${counted(campaign.sources, 'source')}`,
    tone: campaign.sources > 0 ? 'attack' : 'warning',
    badge: 'Summary',
    headline: `${all} in one`,
    summary: `${why[cause]}, so this one stands for ${all}, from ${moment(from, timeZone)} to ${moment(to, timeZone)}.${left}`,
    facts: campaign.incidents === 0 ? [] : campaignFacts(campaign, timeZone),
    tables: [...campaignTables(campaign), ...other],
    steps: campaign.next,
    link: campaign.link,
    attachments: notice.attachments,
    attached: notice.attachments.length > 0 ? 'The attached CSV has every one of them.' : null,
  });
}

function campaignFacts({ sources, incidents, count, blocked, first, last }: CampaignFacts, timeZone: string): Fact[] {
  return [
    { label: 'Sources', value: number(sources) },
    { label: 'Attacks', value: number(incidents) },
    { label: 'Messages', value: number(count) },
    { label: 'Blocked', value: counted(blocked, 'source') },
    { label: 'First message', value: moment(first, timeZone) },
    { label: 'Last message', value: moment(last, timeZone) },
  ];
}

function campaignTables({ kinds, victims, countries, networks, examples, incidents }: CampaignFacts): Table[] {
  const top = (title: string, column: string, rows: [string, number][]): Table[] =>
    rows.length === 0
      ? []
      : [{ title, titles: [column, 'Sources'], rows: rows.map(([name, n]) => [name, number(n)]), more: null }];
  return [
    ...top(
      'How',
      'Method',
      kinds.map(({ kind, sources }) => [METHOD_WORDS[kind].name, sources]),
    ),
    ...top(
      'Whom',
      'Victim',
      victims.map(({ address, sources }) => [address, sources]),
    ),
    ...top(
      'From where',
      'Country',
      countries.map((one) => [country(one.country), one.sources]),
    ),
    ...top(
      'Networks',
      'Network',
      networks.map((one) => [network(one.asn, one.network) ?? 'not known', one.sources]),
    ),
    ...attacksTable('Examples', examples, incidents),
  ];
}
