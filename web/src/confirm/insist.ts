/**
 * A change that the daemon refuses until somebody says yes (`needs-confirmation`: it would shut people out):
 * `await insist('Block it all the same', (yes) => ask('post', '/blocks', { body: { address, yes } }))`. Null: the person said no.
 */
import { createElement } from 'react';
import { ApiError } from '../api/problem.ts';
import { confirm } from './confirm.tsx';
import { ToldLines } from './told-lines.tsx';

export async function insist<Result>(
  action: string,
  change: (yes: boolean) => Promise<Result>,
): Promise<Result | null> {
  try {
    return await change(false);
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== 'needs-confirmation') throw error;
    const text = createElement(ToldLines, { lines: error.message.split('\n') });
    const agreed = await confirm({ title: 'Are you sure?', text, action });
    return agreed ? change(true) : null;
  }
}
