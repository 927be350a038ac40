/** Changes of feeds. Each is a version of the policy; what a feed was before is read from there, so that it can be put back. */
import { ask } from '../../api/client.ts';
import type { Item } from '../../api/hooks.ts';

export type Feed = Item<'/feeds'>;

/** As the policy has it, with the whole URL. */
export interface FeedSource {
  name: string;
  url: string;
  file: string;
  every: string;
  action: Feed['action'];
}

/** Errors: `ApiError`. Null: it has just gone. */
export async function sourceOf(name: string): Promise<FeedSource | null> {
  const { value } = await ask('get', '/policy/value', { query: { path: 'feeds' } });
  return (value as FeedSource[]).find((feed) => feed.name === name) ?? null;
}

export function put({ name, url, file, every, action }: FeedSource, yes: boolean) {
  const from = url === '' ? { file } : { url };
  return ask('post', '/feeds', { body: { name, ...from, every, action, yes } });
}

export function takeOut(name: string) {
  return ask('delete', '/feeds/{name}', { path: { name } });
}
