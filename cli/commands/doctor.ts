/** `ringfence doctor`: can Ringfence protect this machine, and what stands in the way? */
import { checkKernel } from '../doctor/kernel.ts';
import { checkClock, checkData, checkFfi, checkPrivileges, checkSoftware } from '../doctor/host.ts';
import { checkFail2ban, checkOtherDaemons, checkTables } from '../doctor/conflicts.ts';
import { checkPorts } from '../doctor/ports.ts';
import type { DoctorContext, Finding } from '../doctor/finding.ts';
import { ask } from '../client.ts';
import { CliError, EXIT_NO, EXIT_OK } from '../exit-codes.ts';
import { loadPolicyOption } from '../policy-option.ts';
import type { Globals } from '../program.ts';
import { colour, plural, print, printJson } from '../terminal.ts';
import type { PolicyDocument } from '../../src/policy/schema.ts';

export async function doctor(globals: Globals, options: { policy?: string }): Promise<number> {
  const context = await describeMachine(globals, options.policy);
  const findings: Finding[] = [
    checkSoftware(),
    await checkFfi(),
    ...(await checkKernel(context)),
    checkPrivileges(),
    ...checkData(context),
    ...checkPorts(context),
    await checkFail2ban(),
    ...(await checkTables(context)),
    checkOtherDaemons(context),
    await checkClock(context),
  ];
  const failed = findings.filter((finding) => finding.level === 'fail').length;
  const warned = findings.filter((finding) => finding.level === 'warn').length;
  if (globals.json) printJson(findings);
  else {
    for (const finding of findings) show(finding);
    print('');
    if (failed > 0) print(colour.red(`Ringfence cannot protect this machine yet: ${plural(failed, 'problem')}.`));
    else if (warned > 0) print(colour.yellow(`Ringfence can protect this machine; ${plural(warned, 'warning')}.`));
    else print(colour.green('Ringfence can protect this machine.'));
  }
  return failed > 0 ? EXIT_NO : EXIT_OK;
}

const MARKS = { ok: () => colour.green('ok  '), warn: () => colour.yellow('warn'), fail: () => colour.red('fail') };

function show(finding: Finding): void {
  print(`${MARKS[finding.level]()}  ${finding.text}`);
  if (finding.fix) print(`      ${colour.dim('fix:')} ${finding.fix}`);
}

/** The ports of the policy: of the file, of the running daemon, or the defaults when there is neither. */
async function describeMachine(globals: Globals, file: string | undefined): Promise<DoctorContext> {
  const { compilePolicy } = await import('../../src/policy/compile.ts');
  const document = file === undefined ? await documentInForce(globals) : await loadPolicyOption(file);
  const policy = compilePolicy(document);
  return {
    dataDirectory: globals.data,
    sipUdp: policy.ports.sipUdp,
    sipTcp: policy.ports.sipTcp,
    gateway: policy.guests.length > 0,
    root: process.getuid?.() === 0,
    now: Date.now(),
  };
}

async function documentInForce(globals: Globals): Promise<PolicyDocument> {
  try {
    const { document } = await ask<{ document: PolicyDocument }>(globals.data, 'GET', '/policy');
    return document;
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    const { defaultDocument } = await import('../../src/policy/default-document.ts');
    return defaultDocument;
  }
}
