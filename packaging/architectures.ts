/** What is built, by Debian's names. */
export interface Architecture {
  debian: 'amd64' | 'arm64';
  /** As npm and Node call it. */
  npm: 'x64' | 'arm64';
  /** e_machine of elf(5). */
  elf: number;
}

export const ARCHITECTURES: readonly Architecture[] = [
  { debian: 'amd64', npm: 'x64', elf: 62 },
  { debian: 'arm64', npm: 'arm64', elf: 183 },
];

/** Null: no ELF file. */
export function elfMachine(head: Uint8Array): number | null {
  const isElf = head[0] === 0x7f && head[1] === 0x45 && head[2] === 0x4c && head[3] === 0x46;
  return isElf ? head[18] | (head[19] << 8) : null;
}
