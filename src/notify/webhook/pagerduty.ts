/** PagerDuty's Events API v2 (https://developer.pagerduty.com/docs/send-alert-event): an alert for each incident, resolved when it is over. */
import type { Content } from '../render/content.ts';
import type { Notice } from '../notice.ts';
import { safeLink } from '../render/html-page.ts';
import { topicOf } from '../topic.ts';
import type { Template } from './template.ts';

const SUMMARY_CHARS_MAX = 1024;

export const pagerduty: Template = ({ delivery: { message, notice, messageId }, hostName, secret }) => {
  const { content, subject } = message;
  const topic = topicOf(notice);
  const resolved = notice.kind === 'attack-ended' || notice.kind === 'campaign-ended';
  const page = safeLink(content.link);
  return {
    routing_key: secret ?? '',
    event_action: resolved ? 'resolve' : 'trigger',
    // All notices of an incident are one alert; what stands alone is one for all its tries.
    dedup_key: topic === null ? messageId : `ringfence.${hostName}.${topic}`,
    payload: {
      summary: `${subject}. ${content.summary}`.slice(0, SUMMARY_CHARS_MAX).toWellFormed(),
      source: hostName,
      severity: severityOf(notice, content),
      timestamp: new Date(notice.at).toISOString(),
      component: 'ringfence',
      class: notice.kind,
      custom_details: {
        ...Object.fromEntries(content.facts.map(({ label, value }) => [label, value])),
        ...Object.fromEntries(content.tables.map(({ title, rows }) => [title, rows.map((cells) => cells.join(' · '))])),
        ...(content.steps.length === 0
          ? {}
          : {
              'What you can do now': content.steps.map(({ what, command }) => (command ? `${what}: ${command}` : what)),
            }),
      },
    },
    client: `Ringfence on ${hostName}`,
    ...(page === null ? {} : { client_url: page, links: [{ href: page, text: 'Open in the console' }] }),
  };
};

/** A campaign wakes people; what was blocked by itself need not. */
function severityOf(notice: Notice, { tone }: Content): 'critical' | 'error' | 'warning' | 'info' {
  if (notice.kind === 'campaign-opened') return 'critical';
  if (notice.kind === 'trouble' && notice.level === 'error') return 'error';
  return tone === 'attack' || tone === 'warning' ? 'warning' : 'info';
}
