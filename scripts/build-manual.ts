/**
 * The manual: `docs/` as pages that need nothing but themselves, into the folder given. `docs/manual/contents.json` says what is in it, in which
 * order. No script, no request that leaves the machine.
 */
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { Marked, type Tokens } from 'marked';

const DOCS = join(import.meta.dirname, '..', 'docs');

interface Section {
  title: string;
  pages: string[];
  /** All other pages of this folder follow, by name. */
  folder?: string;
}

export interface ManualPage {
  /** In `docs/`: `guide/tuning.md`. */
  source: string;
  /** In the manual: `guide/tuning.html`. */
  target: string;
  title: string;
}

export function contents(): { title: string; pages: ManualPage[] }[] {
  const sections = JSON.parse(readFileSync(join(DOCS, 'manual', 'contents.json'), 'utf8')) as Section[];
  return sections.map(({ title, pages, folder }) => {
    const others = folder === undefined ? [] : readdirSync(join(DOCS, folder)).map((name) => `${folder}/${name}`);
    return { title, pages: [...new Set([...pages, ...others.sort()])].map(described) };
  });
}

export function buildManual(folder: string): void {
  const sections = contents();
  const pages = sections.flatMap((section) => section.pages);
  for (const page of pages) write(folder, page.target, render(page, sections));
  // The first page is where people come in.
  write(folder, 'index.html', render({ ...pages[0], target: 'index.html' }, sections));
  cpSync(join(DOCS, 'manual', 'manual.css'), join(folder, 'manual.css'));
  cpSync(join(DOCS, 'screenshots'), join(folder, 'screenshots'), { recursive: true });
}

function described(source: string): ManualPage {
  const title = /^# (.+)$/m.exec(readFileSync(join(DOCS, source), 'utf8'))?.[1];
  if (title === undefined) throw new Error(`docs/${source} has no title`);
  return { source, target: source.replace(/README\.md$/, 'index.md').replace(/\.md$/, '.html'), title: plain(title) };
}

function render(page: ManualPage, sections: readonly { title: string; pages: ManualPage[] }[]): string {
  const to = (target: string) => posix.relative(posix.dirname(page.target), target);
  const links = sections.map(({ title, pages }) => {
    const items = pages.map((other) => {
      const current = other.source === page.source ? ' aria-current="page"' : '';
      return `<li><a href="${to(other.target)}"${current}>${escaped(other.title.split(':')[0])}</a></li>`;
    });
    return `<h2>${escaped(title)}</h2><ul>${items.join('')}</ul>`;
  });
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(page.title)} · Ringfence</title>
<link rel="stylesheet" href="${to('manual.css')}">
</head>
<body>
<main>
<a class="to-contents" href="#contents">Contents</a>
${markdownOf(page, sections).trim()}
</main>
<nav id="contents" aria-label="Manual"><a href="${to('index.html')}">Ringfence manual</a>${links.join('\n')}</nav>
</body>
</html>
`;
}

function markdownOf(page: ManualPage, sections: readonly { pages: ManualPage[] }[]): string {
  const pages = sections.flatMap((section) => section.pages);
  const place = (href: string): string => {
    if (/^[a-z]+:|^#/.test(href)) return href;
    const [path, anchor] = href.split('#');
    const source = posix.normalize(posix.join(posix.dirname(page.source), path));
    const known = pages.find((other) => other.source === source);
    const target =
      known?.target ?? (existsSync(join(DOCS, source)) && source.startsWith('screenshots/') ? source : null);
    // Of the source tree only (decisions, specs): said, not linked.
    if (target === null) return '';
    return posix.relative(posix.dirname(page.target), target) + (anchor === undefined ? '' : `#${anchor}`);
  };
  const marked = new Marked({
    renderer: {
      heading({ tokens, depth, text }: Tokens.Heading) {
        return `<h${depth} id="${anchorOf(text)}">${this.parser.parseInline(tokens)}</h${depth}>\n`;
      },
      link({ href, tokens }: Tokens.Link) {
        const target = place(href);
        const text = this.parser.parseInline(tokens);
        return target === '' ? text : `<a href="${escaped(target)}">${text}</a>`;
      },
      image({ href, text }: Tokens.Image) {
        return `<img src="${escaped(place(href))}" alt="${escaped(text)}">`;
      },
      // The documents hold no HTML; what looks so is text.
      html({ text }: Tokens.HTML | Tokens.Tag) {
        return escaped(text);
      },
    },
  });
  const html = marked.parse(readFileSync(join(DOCS, page.source), 'utf8'), { async: false });
  return html.replaceAll('<table>', '<div class="wide"><table>').replaceAll('</table>', '</table></div>');
}

/** As GitHub makes them, so that links work in both places. */
function anchorOf(text: string): string {
  return plain(text)
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');
}

function plain(markdown: string): string {
  return markdown.replace(/`/g, '').replace(/\[([^\]]*)\]\([^)]*\)/g, '$1');
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

function write(folder: string, target: string, text: string): void {
  const path = join(folder, target);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

if (import.meta.main) buildManual(process.argv[2]);
