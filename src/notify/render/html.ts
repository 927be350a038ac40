/** Content as HTML that mail programs show. */
import type { Content, Fact, Table } from './content.ts';
import { BREAK, consoleButton, escapeHtml, htmlPage, MONO, safeLink, tableOf } from './html-page.ts';

const TONES: Record<Content['tone'], string> = {
  attack: '#b42318',
  warning: '#93500a',
  over: '#1f6f43',
  plain: '#35507a',
};

/** A column whose cells are all this short is not broken: a number, an action. */
const SHORT_CHARS = 18;

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
    link === null ? '' : consoleButton(link, TONES[tone]),
    `<p class="dim" style="margin:20px 0 0;font-size:12px;color:#5b6470">Ringfence on ${escapeHtml(host)}</p>`,
  ];
  return htmlPage({ title: subject, preview: summary, parts });
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

function anchor(url: string, text: string): string {
  return `<a class="link" href="${escapeHtml(url)}" style="color:#1d4ed8">${escapeHtml(text)}</a>`;
}
