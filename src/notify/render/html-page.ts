/**
 * The page that every mail in HTML is: tables and inline styles (Outlook knows no other layout), nothing from elsewhere (images, fonts, trackers),
 * no script. The inline colours are those of a light page. Programs that read `<style>` and prefer dark get the other set; those that
 * darken by themselves (Gmail) find a page that they can. It prints.
 */

const FONT = "font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";
export const MONO = "font-family:ui-monospace,Consolas,Menlo,'DejaVu Sans Mono',monospace";
/** An address of IPv6, a user agent of one word: broken anywhere rather than wider than a phone. */
export const BREAK = 'overflow-wrap:anywhere;word-break:break-word';

const STYLE = `@media (prefers-color-scheme:dark){
.page{background:#16181d!important}.card{background:#20242b!important;border-color:#3a414c!important}
.ink{color:#e6e8ec!important}.dim{color:#a9b0bb!important}.rule{border-color:#3a414c!important}
.code{background:#2c323b!important;color:#e6e8ec!important}.link{color:#8ab4ff!important}
}
@media (max-width:480px){.pad{padding:14px!important}.label{width:84px!important}.cell{padding-right:6px!important}.figure{padding-left:8px!important}}
@media print{.page{background:#ffffff!important}.card{border:0!important;max-width:none!important}tr{page-break-inside:avoid}}`;

export interface HtmlPage {
  title: string;
  /** What lists of mails show beside the subject. */
  preview: string;
  /** HTML; empty ones are left out. */
  parts: string[];
}

export function htmlPage({ title, preview, parts }: HtmlPage): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark">
<meta name="format-detection" content="telephone=no,date=no,address=no,email=no,url=no"><title>${escapeHtml(title)}</title>
<style>${STYLE}</style></head>
<body class="page" style="margin:0;padding:0;background:#f2f4f7">
<div style="display:none;max-height:0;overflow:hidden">${escapeHtml(preview)}</div>
<table role="presentation" class="page" width="100%" cellpadding="0" cellspacing="0" border="0" style="background:#f2f4f7"><tr><td align="center" style="padding:12px 6px">
<table role="presentation" class="card" width="100%" cellpadding="0" cellspacing="0" border="0" style="max-width:640px;background:#ffffff;border:1px solid #d7dce3;border-radius:8px"><tr><td class="pad" style="padding:20px 24px;${FONT};font-size:15px;line-height:1.45;text-align:left">
${parts.filter((part) => part !== '').join('\n')}
</td></tr></table>
</td></tr></table>
</body></html>
`;
}

/** `rows`: HTML; empty ones are left out. `presentation`: screen readers do not read it as a table. */
export function tableOf(rows: string[], presentation = true): string {
  const role = presentation ? ' role="presentation"' : '';
  return `<table${role} width="100%" cellpadding="0" cellspacing="0" border="0" style="border-collapse:collapse;margin:0 0 12px">${rows.filter((row) => row !== '').join('\n')}</table>`;
}

/** Empty: the address is no page. */
export function consoleButton(link: string, color: string): string {
  const url = safeLink(link);
  if (url === null) return '';
  return `<p style="margin:16px 0 0"><a href="${escapeHtml(url)}" style="display:inline-block;background:${color};color:#ffffff;text-decoration:none;border-radius:5px;padding:9px 16px;font-weight:600">Open in the console</a></p>`;
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
