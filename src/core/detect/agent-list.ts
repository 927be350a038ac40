/**
 * User-agent lists. A plain entry matches whole words anywhere in the header's value, `=entry` the whole value; case never counts.
 * Whole words, so that `smap` does not match `BlueSmapper` – a false entry on the certain list cuts off a customer.
 */
export type AgentTier = 'certain' | 'suspicious';

export class AgentList {
  private readonly certain: string[];
  private readonly suspicious: string[];

  constructor(certain: string[], suspicious: string[]) {
    this.certain = certain.map((entry) => entry.toLowerCase());
    this.suspicious = suspicious.map((entry) => entry.toLowerCase());
  }

  tierOf(value: string): AgentTier | null {
    const lower = value.toLowerCase();
    if (this.certain.some((entry) => matches(lower, entry))) return 'certain';
    if (this.suspicious.some((entry) => matches(lower, entry))) return 'suspicious';
    return null;
  }
}

function matches(value: string, entry: string): boolean {
  if (entry.startsWith('=')) return value.trim() === entry.slice(1);
  if (entry === '') return false;
  for (let at = value.indexOf(entry); at >= 0; at = value.indexOf(entry, at + 1)) {
    if (!isLetter(value.charCodeAt(at - 1)) && !isLetter(value.charCodeAt(at + entry.length))) return true;
  }
  return false;
}

/** Letters join words; digits, versions and punctuation do not (`sipcli2`, `Gulp/1.0`). NaN at either end is no letter. */
function isLetter(code: number): boolean {
  return code >= 0x61 && code <= 0x7a;
}
