/** The machine around Ringfence: runtime, privileges, data directory, clock. */
import { accessSync, constants, existsSync, readFileSync, statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import { byteSize } from '../when.ts';
import { escapeText } from '../escape.ts';
import { runProgram } from './run-program.ts';
import type { DoctorContext, Finding } from './finding.ts';

const NODE_MAJOR_MIN = 24;
/** Room for a year of a small host's incidents is a few MB; below this a busy day's evidence may not fit. */
const FREE_BYTES_WARN = 200_000_000;
const FREE_BYTES_FAIL = 20_000_000;
const CAP_NET_ADMIN_BIT = 12n;
/** No correct clock shows a time before this release. */
const CLOCK_MIN = Date.UTC(2026, 0, 1);

export function checkSoftware(): Finding {
  const major = Number(process.versions.node.split('.')[0]);
  const fine = major >= NODE_MAJOR_MIN;
  return {
    area: 'software',
    check: 'node',
    level: fine ? 'ok' : 'fail',
    text: fine
      ? `Node ${process.versions.node} runs this.`
      : `Node ${process.versions.node} is too old: ${NODE_MAJOR_MIN} or newer is needed.`,
    fix: fine ? null : 'npm ci   (brings the right Node into node_modules/.bin), then bin/ringfence',
  };
}

export async function checkFfi(): Promise<Finding> {
  try {
    await import('koffi');
    return { area: 'software', check: 'ffi', level: 'ok', text: 'The bridge to the kernel (koffi) loads.', fix: null };
  } catch (error) {
    const text = `The bridge to the kernel (koffi) does not load: ${escapeText(String(error), 200)}`;
    return { area: 'software', check: 'ffi', level: 'fail', text, fix: 'npm ci' };
  }
}

export function checkPrivileges(): Finding {
  const capabilities = /^CapEff:\s*([0-9a-f]+)/m.exec(readOr('/proc/self/status', ''));
  const netAdmin = capabilities ? ((BigInt(`0x${capabilities[1]}`) >> CAP_NET_ADMIN_BIT) & 1n) === 1n : false;
  return {
    area: 'privileges',
    check: 'net-admin',
    level: netAdmin ? 'ok' : 'fail',
    text: netAdmin
      ? 'This user may change the firewall (CAP_NET_ADMIN).'
      : 'This user may not change the firewall: CAP_NET_ADMIN is missing.',
    fix: netAdmin ? null : 'run `ringfence run` as root; `ringfence replay FILE` needs no privileges',
  };
}

export function checkData(context: DoctorContext): Finding[] {
  const wanted = context.dataDirectory;
  let existing = wanted;
  while (!existsSync(existing) && dirname(existing) !== existing) existing = dirname(existing);
  const shown = escapeText(wanted);
  try {
    accessSync(existing, constants.W_OK | constants.X_OK);
  } catch {
    const text = `The data directory ${shown} cannot be written by this user.`;
    return [
      { area: 'data', check: 'data-writable', level: 'fail', text, fix: `run as root, or choose another: --data DIR` },
    ];
  }
  const made = existing === wanted ? '' : ' (it will be made at the first start)';
  const writable = `The data directory ${shown} can be written${made}.`;
  return [
    { area: 'data', check: 'data-writable', level: 'ok', text: writable, fix: null },
    describeSpace(existing, shown),
  ];
}

function describeSpace(existing: string, shown: string): Finding {
  const disk = statfsSync(existing);
  const free = disk.bavail * disk.bsize;
  const level = free < FREE_BYTES_FAIL ? 'fail' : free < FREE_BYTES_WARN ? 'warn' : 'ok';
  return {
    area: 'data',
    check: 'data-space',
    level,
    text: `${byteSize(free)} are free for ${shown}${level === 'ok' ? '' : `; ${byteSize(FREE_BYTES_WARN)} are wanted`}.`,
    fix: level === 'ok' ? null : `free space on that disk, or choose another: --data DIR`,
  };
}

export async function checkClock(context: DoctorContext): Promise<Finding> {
  if (context.now < CLOCK_MIN) {
    const text = `The clock shows ${new Date(context.now).toISOString()}, which is before this release was made.`;
    return { area: 'clock', check: 'clock', level: 'fail', text, fix: 'set the clock: timedatectl set-ntp true' };
  }
  const asked = await runProgram('timedatectl', ['show', '--property=NTPSynchronized', '--value']);
  const answer = asked.code === 0 ? asked.stdout.trim() : 'unknown';
  if (answer === 'no') {
    return {
      area: 'clock',
      check: 'clock',
      level: 'warn',
      text: 'The clock is not synchronised: times in the attack log may be wrong, and a jump ends blocks early or late.',
      fix: 'timedatectl set-ntp true',
    };
  }
  const how = answer === 'yes' ? 'synchronised' : 'plausible (whether it is synchronised is not known here)';
  return { area: 'clock', check: 'clock', level: 'ok', text: `The clock is ${how}.`, fix: null };
}

export function readOr(path: string, otherwise: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return otherwise;
  }
}
