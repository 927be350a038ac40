/**
 * `nft list set|table|ruleset`, and scripts for `nft -f` with `add element … { … }` (seen with 1.0.6). Named sets of addresses are read;
 * maps, rules, anonymous sets and sets of other types are not.
 */
import type { StreamReader } from './format-reader.ts';
import type { Intake } from './intake.ts';
import { nftDuration, refuseTuple, skipSet, takeElement } from './nft-set.ts';
import { Tokenizer, type TokenKind, type TokenTaker } from './tokens.ts';

type Block = 'outer' | 'set' | 'elements' | 'skip';

/** Words before a brace, and of one element, that are looked at. */
const WORDS_MAX = 64;
/** Braces inside braces: table, set, elements. */
const DEPTH_MAX = 32;
const ADDRESS_TYPE = /^(?:type ip(?:v4|v6)_addr|typeof ip6? [sd]addr)$/;

export class NftReader implements StreamReader, TokenTaker {
  private readonly intake: Intake;
  private readonly tokens = new Tokenizer(this);
  private blocks: Block[] = ['outer'];
  /** Words since the last line end, mark or element. */
  private words: string[] = [];
  private comment: string | undefined;
  private set = '';
  private type = '';

  constructor(intake: Intake) {
    this.intake = intake;
  }

  piece(text: string): void {
    this.tokens.push(text);
  }

  end(): number {
    const lines = this.tokens.end();
    if (this.blocks.length > 1)
      this.intake.refuse(lines, 'file-broken', this.set, 'the file ends inside a block', 'the whole output of nft');
    return lines;
  }

  token(kind: TokenKind, text: string, line: number): void {
    const block = this.blocks.at(-1)!;
    if (kind === 'mark' && text === '{') return this.open(block, line);
    if (kind === 'mark' && text === '}') return this.close(block, line);
    if (block === 'elements') {
      if (kind === 'mark') this.element(line);
      else if (kind === 'string') this.comment = text;
      else if (kind === 'word') this.keep(text);
      return;
    }
    if (kind === 'word' || kind === 'string') return this.keep(text);
    if (block === 'set' && /^type(?:of)?$/.test(this.words[0] ?? '')) this.type = this.words.join(' ');
    this.words = [];
  }

  private keep(word: string): void {
    if (this.words.length < WORDS_MAX) this.words.push(word);
  }

  private open(block: Block, line: number): void {
    const words = this.words;
    this.words = [];
    if (this.blocks.length === DEPTH_MAX)
      return this.intake.stop(line, 'file-broken', '{', 'too many braces inside braces', 'the output of nft');
    this.blocks.push(this.blockOf(block, words, line));
  }

  private blockOf(block: Block, words: string[], line: number): Block {
    if (block === 'skip' || block === 'elements') return 'skip';
    if (words.at(-2) === 'elements' && words.at(-1) === '=') {
      if (block === 'outer' || ADDRESS_TYPE.test(this.type)) return 'elements';
      skipSet(this.intake, line, this.set, this.type);
      return 'skip';
    }
    if (block !== 'outer') return 'skip';
    if (words.includes('element')) {
      this.set = words.at(-1)!;
      return 'elements';
    }
    if (words.at(-2) === 'set' || (words.includes('set') && /^(?:add|create)$/.test(words[0]))) {
      [this.set, this.type] = [words.at(-1)!, ''];
      return 'set';
    }
    return words.includes('table') ? 'outer' : 'skip';
  }

  private close(block: Block, line: number): void {
    if (block === 'elements') this.element(line);
    this.words = [];
    // A brace too many is somebody else's mistake and costs nothing.
    if (this.blocks.length > 1) this.blocks.pop();
  }

  private element(line: number): void {
    const { words, comment } = this;
    this.words = [];
    this.comment = undefined;
    if (words.length === 0) return;
    if (words.includes('.') || words.includes(':'))
      return refuseTuple(this.intake, this.set, line, words.slice(0, 3).join(' '));
    const spaced = words[1] === '-' && words.length > 2;
    const address = spaced ? `${words[0]}-${words[2]}` : words[0];
    const after = (name: string) => {
      const at = words.indexOf(name, 1);
      return at < 0 ? undefined : nftDuration(words[at + 1]);
    };
    takeElement(this.intake, this.set, line, { address, comment, leftMs: after('expires') ?? after('timeout') });
  }
}
