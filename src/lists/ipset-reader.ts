/** `ipset save`, and the members of `ipset list` (seen with 7.17). Several sets may follow one another. */
import { SETS_MAX } from './entry.ts';
import type { FormatReader } from './format-reader.ts';
import type { Intake } from './intake.ts';

/** Types whose elements are no addresses. */
const NO_ADDRESSES = /^(?:bitmap:port|list:set|hash:mac)$/;
const OTHER_COMMAND =
  /^(?:flush|swap|destroy|rename|COMMIT|#|Revision:|Header:|Size in memory:|References:|Number of entries:)/;

export class IpsetReader implements FormatReader {
  readonly atHeader = false;
  private readonly intake: Intake;
  private readonly types = new Map<string, string>();
  /** The set of `ipset list` that is being read. */
  private listed = '';
  private members = false;

  constructor(intake: Intake) {
    this.intake = intake;
  }

  line(text: string, number: number): void {
    const line = text.trim();
    if (line === '') {
      this.members = false;
      return;
    }
    const command = /^(?:(create|-N) (\S+) (\S+)|(add|-A) (\S+) (.+)|(Name): (.+)|(Type): (.+)|(Members):)/.exec(line);
    if (command === null) {
      if (this.members) this.member(this.listed, line, number);
      else if (!OTHER_COMMAND.test(line))
        this.intake.refuse(
          number,
          'file-broken',
          line,
          'this is no line of ipset save',
          'create NAME TYPE … or add NAME ADDRESS …',
        );
    } else if (command[1]) this.remember(command[2], command[3], number);
    else if (command[4]) this.member(command[5], command[6], number);
    else if (command[7]) [this.listed, this.members] = [command[8], false];
    else if (command[9]) this.remember(this.listed, command[10], number);
    else this.members = true;
  }

  gap(): void {}

  end(): void {}

  private remember(set: string, type: string, line: number): void {
    if (this.types.size < SETS_MAX) this.types.set(set, type);
    if (NO_ADDRESSES.test(type)) this.intake.note(line, 'set-skipped', set, `a set of type ${type} holds no addresses`);
  }

  private member(set: string, text: string, line: number): void {
    if (NO_ADDRESSES.test(this.types.get(set) ?? '') || !this.intake.wants(set)) return;
    const comment = / comment "([^"]*)"/.exec(text);
    const words = (comment === null ? text : text.replace(comment[0], '')).split(' ');
    const [element] = words;
    if (element.includes(',')) {
      const why = 'the element holds for one port, address pair or interface; an entry holds for all';
      return this.intake.refuse(
        line,
        'port-in-entry',
        element,
        why,
        `the address alone, if that is meant: ${element.split(',')[0]}`,
      );
    }
    if (words.includes('nomatch')) {
      const why = 'an exception from another element; lists have none';
      return this.intake.refuse(line, 'exception', element, why, 'the ranges around it, or an entry on the other list');
    }
    const at = words.indexOf('timeout');
    this.intake.take(line, element, {
      comment: comment?.[1] || `ipset: ${set}`,
      until: at < 0 ? undefined : endOf(words[at + 1], this.intake),
      addedBy: undefined,
      addedAt: undefined,
    });
  }
}

/** Seconds that are left; 0: no end. */
function endOf(seconds: string, { options }: Intake): number | null | undefined {
  if (!/^\d{1,10}$/.test(seconds ?? '')) return undefined;
  return seconds === '0' ? null : (options.writtenAt ?? options.now) + Number(seconds) * 1000;
}
