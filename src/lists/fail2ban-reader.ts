/**
 * What `fail2ban-client` prints (seen with 1.0.2): `status JAIL`, `get JAIL banip`, `get JAIL banip --with-time`, `banned`.
 * Several outputs may follow one another. Bans end by themselves only where the output says when.
 */
import type { StreamReader } from './format-reader.ts';
import type { Intake } from './intake.ts';
import { parseMoment } from './moment.ts';
import { Tokenizer, type TokenKind, type TokenTaker } from './tokens.ts';

/** What the current line is: `|- Currently banned: 4`, addresses, an address with times, `[{'sshd': ['192.0.2.1']}]`. */
type Mode = 'start' | 'title' | 'tree' | 'addresses' | 'one' | 'timed' | 'python' | 'skip';

/** `192.0.2.1 ⇥2026-11-22 19:12:14 + 600 = 2026-11-22 19:22:14`: words after the address. */
const TIMED_WORDS = 7;

export class Fail2banReader implements StreamReader, TokenTaker {
  private readonly intake: Intake;
  private readonly tokens = new Tokenizer(this);
  private mode: Mode = 'start';
  private jail = '';
  /** The word before, or the address whose meaning the next word decides. */
  private held = '';
  private heldLine = 0;
  private words: string[] = [];
  private depth = 0;

  constructor(intake: Intake) {
    this.intake = intake;
  }

  piece(text: string): void {
    this.tokens.push(text);
  }

  end(): number {
    const lines = this.tokens.end();
    this.takeHeld();
    return lines;
  }

  token(kind: TokenKind, text: string, line: number): void {
    if (kind === 'line') return this.lineEnd();
    switch (this.mode) {
      case 'python':
        return this.python(kind, text, line);
      case 'start':
        return this.start(kind, text, line);
      case 'title':
        if (this.held === 'jail:') [this.jail, this.mode] = [text, 'skip'];
        this.held = text;
        return;
      case 'tree':
        if (this.held === 'IP' && text === 'list:') this.mode = 'addresses';
        this.held = text;
        return;
      case 'one':
        return this.second(kind, text, line);
      case 'timed':
        if (this.words.length < TIMED_WORDS) this.words.push(text);
        return;
      case 'addresses':
        if (kind === 'word') this.take(text, line, undefined);
    }
  }

  private start(kind: TokenKind, text: string, line: number): void {
    if (kind === 'mark') {
      if (text === '[' || text === '{') [this.mode, this.depth] = ['python', 1];
    } else if (text === 'Status') this.mode = 'title';
    else if (/^[|`]-?$/.test(text)) this.mode = 'tree';
    else [this.mode, this.held, this.heldLine] = ['one', text, line];
  }

  /** An address, and what follows it: a time, or another address. */
  private second(kind: TokenKind, text: string, line: number): void {
    if (/^\d{4}-\d\d-\d\d$/.test(text)) {
      this.mode = 'timed';
      this.words = [text];
      return;
    }
    this.take(this.held, this.heldLine, undefined);
    this.held = '';
    this.mode = 'addresses';
    if (kind === 'word') this.take(text, line, undefined);
  }

  private lineEnd(): void {
    if (this.mode === 'python') return;
    if (this.mode === 'one') this.take(this.held, this.heldLine, undefined);
    if (this.mode === 'timed') this.takeTimed();
    this.held = '';
    this.mode = 'start';
  }

  private takeTimed(): void {
    const [, , plus, seconds, equals, day, time] = this.words;
    // A ban for ever is -1 seconds and ends in the year 9999.
    const forEver = Number(seconds) < 0;
    const until = forEver ? null : parseMoment(`${day} ${time}`, this.intake.options.wallClock);
    if (plus !== '+' || equals !== '=' || until === undefined) {
      const expected = 'date time + seconds = date time';
      return this.intake.refuse(
        this.heldLine,
        'time-invalid',
        this.words.join(' '),
        `when the ban of ${this.held} ends is not readable`,
        expected,
      );
    }
    this.take(this.held, this.heldLine, until);
  }

  private python(kind: TokenKind, text: string, line: number): void {
    if (kind === 'string') {
      this.takeHeld();
      [this.held, this.heldLine] = [text, line];
    } else if (kind === 'word') {
      if (text.startsWith(':')) [this.jail, this.held] = [this.held, ''];
    } else if (text === '[' || text === '{') this.depth++;
    else if (text === ']' || text === '}') {
      this.takeHeld();
      if (--this.depth === 0) this.mode = 'skip';
    } else if (text === ',') this.takeHeld();
  }

  private takeHeld(): void {
    if (this.mode === 'python' && this.held !== '') this.take(this.held, this.heldLine, undefined);
    this.held = '';
  }

  private take(address: string, line: number, until: number | null | undefined): void {
    if (this.jail !== '' && !this.intake.wants(this.jail)) return;
    const comment = this.jail === '' ? 'fail2ban' : `fail2ban: ${this.jail}`;
    this.intake.take(line, address, { comment, until, addedBy: undefined, addedAt: undefined });
  }
}
