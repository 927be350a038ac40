/** The prose of our own documentation pages: paragraphs and lists. Headings, tables and code blocks are left out. Pure. */

export interface Prose {
  list: boolean;
  /** One of a paragraph, each item of a list. */
  texts: string[];
}

export function proseOf(markdown: string): Prose[] {
  const parts = markdown
    .replace(/^```[^]*?^```/gm, '')
    // A list may follow its introduction without an empty line.
    .replace(/^(?!- |\s)(.+)\n- /gm, '$1\n\n- ')
    .split(/\n{2,}/);
  return parts.flatMap((part): Prose[] => {
    const text = part.trim();
    if (text === '' || text.startsWith('#') || text.startsWith('|')) return [];
    const list = text.startsWith('- ');
    const texts = list ? text.slice(2).split(/\n- /) : [text];
    return [{ list, texts: texts.map((one) => one.replace(/\s*\n\s*/g, ' ')) }];
  });
}

export interface InlinePart {
  style: 'plain' | 'bold' | 'code';
  text: string;
}

/** Bold, code, emphasis (plain here) and links (their text). */
export function inlineParts(text: string): InlinePart[] {
  const parts: InlinePart[] = [];
  let rest = 0;
  for (const match of text.matchAll(/\*\*(.+?)\*\*|`(.+?)`|\*(.+?)\*|\[(.+?)\]\(.+?\)/g)) {
    if (match.index > rest) parts.push({ style: 'plain', text: text.slice(rest, match.index) });
    const [whole, bold, code, emphasis, link] = match;
    if (bold !== undefined) parts.push({ style: 'bold', text: bold });
    else if (code !== undefined) parts.push({ style: 'code', text: code });
    else parts.push({ style: 'plain', text: (emphasis ?? link).replaceAll('`', '') });
    rest = match.index + whole.length;
  }
  if (rest < text.length) parts.push({ style: 'plain', text: text.slice(rest) });
  return parts;
}
