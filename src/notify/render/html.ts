/**
 * Content as HTML that mail programs show: tables and inline styles (Outlook knows no other layout), nothing from elsewhere (images, fonts,
 * trackers), no script. The inline colours are those of a light page. Programs that read `<style>` and prefer dark get the other set;
 * those that darken by themselves (Gmail) find a page that they can.
 */
import type { Content, Fact, Table } from './content.ts';

const TONES: Record<Content['tone'], string> = {
  attack: '#b42318',
  warning: '#93500a',
  over: '#1f6f43',
  plain: '#35507a',
};

const FONT = "font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";
const MONO = "font-family:ui-monospace,Consolas,Menlo,'DejaVu Sans Mono',monospace";
/** An address of IPv6, a user agent of one word: broken anywhere rather than wider than a phone. */
const BREAK = 'overflow-wrap:anywhere;word-break:break-word';

/** A column whose cells are all this short is not broken: a number, an action. */
const SHORT_CHARS = 18;

const DARK = `@media (prefers-color-scheme:dark){
.page{background:#16181d!important}.card{background:#20242b!important;border-color:#3a414c!important}
.ink{color:#e6e8ec!important}.dim{color:#a9b0bb!important}.rule{border-color:#3a414c!important}
.code{background:#2c323b!important;color:#e6e8ec!important}.link{color:#8ab4ff!important}
}
@media (max-width:480px){.pad{padding:14px!important}.label{width:84px!important}.cell{padding-right:6px!important}}`;

export function htmlOf(content: Content, host: string): string {
  if (content.ready) return content.ready.html;
  const { subject, tone, badge, headline, summary, facts, tables, steps, link, attached } = content;
  const parts = [
    `<p style="margin:0 0 8px"><span style="display:inline-block;background:${TONES[tone]};color:#ffffff;border-radius:4px;padding:3px 9px;font-size:13px;font-weight:600">${escapeHtml(badge)}</span></p>`,
    `<h1 class="ink" style="margin:0 0 8px;font-size:20px;line-height:1.3;color:#1c1f24;${BREAK}">${escapeHtml(headline)}</h1>`,
    `<p class="ink" style="margin:0 0 16px;color:#1c1f24;${BREAK}">${escapeHtml(attached === null ? summary : `${summary} ${attached}`)}</p>`,
    factTable(facts),
    ...tables.map(listTable),
    stepList(steps),
    link === null ? '' : button(link, tone),
    `<p class="dim" style="margin:20px 0 0;font-size:12px;color:#5b6470">Ringfence on ${escapeHtml(host)}</p>`,
  ];
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark">
<meta name="format-detection" content="telephone=no,date=no,address=no,email=no,url=no"><title>${escapeHtml(subject)}</title>
<style>${DARK}</style></head>
<body class="page" style="margin:0;padding:0;background:#f2f4f7">
<div style="display:none;max-height:0;overflow:hidden">${escapeHtml(summary)}</div>
<table role="presentation" class="page" width="100%" cellpadding="0" cellspacing="0" border="0" style="background:#f2f4f7"><tr><td align="center" style="padding:12px 6px">
<table role="presentation" class="card" width="100%" cellpadding="0" cellspacing="0" border="0" style="max-width:640px;background:#ffffff;border:1px solid #d7dce3;border-radius:8px"><tr><td class="pad" style="padding:20px 24px;${FONT};font-size:15px;line-height:1.45;text-align:left">
${parts.filter((part) => part !== '').join('\n')}
</td></tr></table>
</td></tr></table>
</body></html>
`;
}

function factTable(facts: Fact[]): string {
  if (facts.length === 0) return '';
  const border = 'border-top:1px solid #e4e8ee';
  const rows = facts.map(
    ({ label, value }) =>
      `<tr><td class="label dim rule" width="120" valign="top" style="width:120px;padding:6px 10px 6px 0;${border};color:#5b6470;font-size:13px">${escapeHtml(label)}</td>` +
      `<td class="ink rule" valign="top" style="padding:6px 0;${border};color:#1c1f24;${BREAK}">${escapeHtml(value)}</td></tr>`,
  );
  return tableOf(rows);
}

function listTable({ title, titles, rows, more }: Table): string {
  const short = titles.map((_, i) => [titles, ...rows].every((cells) => cells[i].length <= SHORT_CHARS));
  const cell = (tag: 'td' | 'th', text: string, style: string, i: number) =>
    `<${tag} class="cell ${tag === 'th' ? 'dim' : 'ink'} rule" align="left" valign="top" style="padding:5px 10px 5px 0;border-top:1px solid #e4e8ee;font-size:13px;${short[i] ? 'white-space:nowrap' : BREAK};${style}">${escapeHtml(text)}</${tag}>`;
  const heads = `<tr>${titles.map((text, i) => cell('th', text, 'color:#5b6470;font-weight:600', i)).join('')}</tr>`;
  const body = rows.map((cells) => `<tr>${cells.map((text, i) => cell('td', text, 'color:#1c1f24', i)).join('')}</tr>`);
  const rest =
    more === null ? '' : `<p class="dim" style="margin:0 0 12px;font-size:13px;color:#5b6470">${escapeHtml(more)}</p>`;
  return `${heading(title)}${tableOf([heads, ...body], false)}${rest}`;
}

function tableOf(rows: string[], presentation = true): string {
  const role = presentation ? ' role="presentation"' : '';
  return `<table${role} width="100%" cellpadding="0" cellspacing="0" border="0" style="border-collapse:collapse;margin:0 0 12px">${rows.join('\n')}</table>`;
}

function stepList(steps: Content['steps']): string {
  if (steps.length === 0) return '';
  const items = steps.map(({ what, command, link }) => {
    const said = safeLink(link) === null ? escapeHtml(what) : anchor(safeLink(link)!, what);
    const code =
      command === null
        ? ''
        : `<div class="code" style="margin:3px 0 0;padding:6px 9px;background:#eef1f5;color:#1c1f24;border-radius:4px;${MONO};font-size:13px;${BREAK}">${escapeHtml(command)}</div>`;
    return `<div class="ink" style="margin:0 0 10px;color:#1c1f24">${said}${code}</div>`;
  });
  return `${heading('What you can do now')}${items.join('\n')}`;
}

function heading(text: string): string {
  return `<h2 class="ink" style="margin:16px 0 6px;font-size:15px;color:#1c1f24">${escapeHtml(text)}</h2>`;
}

function button(link: string, tone: Content['tone']): string {
  const url = safeLink(link);
  if (url === null) return '';
  return `<p style="margin:16px 0 0"><a href="${escapeHtml(url)}" style="display:inline-block;background:${TONES[tone]};color:#ffffff;text-decoration:none;border-radius:5px;padding:9px 16px;font-weight:600">Open in the console</a></p>`;
}

function anchor(url: string, text: string): string {
  return `<a class="link" href="${escapeHtml(url)}" style="color:#1d4ed8">${escapeHtml(text)}</a>`;
}

/** Evasion: a link is never anything but a page (`javascript:`, `data:`), whatever became of a setting. */
export function safeLink(link: string | null): string | null {
  return link !== null && /^https?:\/\//i.test(link) ? link : null;
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** For text and for attributes in either kind of quotation marks. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character]);
}
