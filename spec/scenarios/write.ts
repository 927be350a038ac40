/** `node spec/scenarios/write.ts`: writes README.md. `node spec/scenarios/write.ts DIR`: writes every row as a capture into DIR. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { udpFrames } from '../traffic/packets.ts';
import { writePcap } from '../traffic/pcap.ts';
import { markdownTable } from './markdown-table.ts';
import { TABLE } from './table.ts';

const folder = process.argv[2];
if (folder === undefined) writeFileSync(join(import.meta.dirname, 'README.md'), markdownTable());
else {
  mkdirSync(folder, { recursive: true });
  for (const { kind, scenarios } of TABLE) {
    for (const { name, traffic, wire = udpFrames } of scenarios) {
      const file = `${kind}-${name.toLowerCase().replace(/[^a-z0-9]+/g, '-')}.pcap`;
      writePcap(join(folder, file), wire(traffic()));
    }
  }
}
