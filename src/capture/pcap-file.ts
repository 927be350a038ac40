/**
 * Capture files, read frame by frame: `openCapture` finds out the format. Nothing is allocated for a frame, and memory does not
 * grow with the file.
 */
import { CaptureError } from './capture-error.ts';
import { FrameMaker, type CaptureReader } from './captured-frame.ts';
import { ChunkedFile } from './chunked-file.ts';
import { pcapFormat, PcapReader } from './pcap.ts';
import { isPcapng, PcapngReader } from './pcapng.ts';

export { createFrame, type CapturedFrame, type CaptureReader } from './captured-frame.ts';

/** The shorter of the two formats' first headers: pcap's. */
const FILE_HEADER_BYTES = 24;

/** Throws a `CaptureError` when the file cannot be opened or holds no capture. */
export function openCapture(path: string): CaptureReader {
  const file = new ChunkedFile(path);
  file.need(FILE_HEADER_BYTES);
  const head = file.bytes.subarray(file.start, Math.min(file.end, file.start + FILE_HEADER_BYTES));
  if (isPcapng(head)) return new PcapngReader(file, new FrameMaker());
  const format = pcapFormat(head);
  if (format !== null) return new PcapReader(file, new FrameMaker(), format);
  file.close();
  throw notACapture(path, head);
}

function notACapture(path: string, head: Uint8Array): CaptureError {
  const bytes = Array.from(head.subarray(0, 8), (b) => b.toString(16).padStart(2, '0')).join(' ');
  const only = head.length > 0 && head.length < FILE_HEADER_BYTES ? `the file has only ${head.length} bytes: ` : '';
  const found = head.length === 0 ? 'the file is empty' : `it begins with ${bytes}`;
  return new CaptureError(
    'capture-not-a-capture',
    `${path}: no capture file: ${only}${found}; expected pcap (d4 c3 b2 a1, a1 b2 c3 d4, 4d 3c b2 a1 or a1 b2 3c 4d) ` +
      `or pcapng (0a 0d 0d 0a). tcpdump -w FILE, tshark -w FILE and sngrep -O FILE write one.`,
  );
}
