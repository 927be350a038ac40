/** Cases of a spec: under each `##` heading, fenced blocks by their language (`traffic`, `policy`, `allow`, `deny`, `expect`). */
export interface Case {
  title: string;
  blocks: Map<string, string>;
}

export function casesOf(markdown: string): Case[] {
  const cases: Case[] = [];
  let current: Case | null = null;
  let language: string | null = null;
  let text = '';
  for (const line of markdown.split('\n')) {
    if (language !== null) {
      if (line !== '```') text += `${line}\n`;
      else {
        current?.blocks.set(language, text);
        language = null;
      }
    } else if (line.startsWith('```')) [language, text] = [line.slice(3).trim(), ''];
    else if (line.startsWith('## ')) cases.push((current = { title: line.slice(3), blocks: new Map() }));
  }
  return cases.filter((one) => one.blocks.has('traffic'));
}
