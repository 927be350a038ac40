/** Kinds of changes in words: `block.lift` → “Block lifted”. Unknown ones stay as they are. */

const WORDS: Record<string, Record<string, string>> = {
  Allowlist: lists('allow'),
  Denylist: lists('deny'),
  Blocks: { 'block.add': 'Block made', 'block.extend': 'Block extended', 'block.lift': 'Block lifted' },
  Policy: { 'policy.set': 'Policy changed', 'policy.rollback': 'Policy rolled back' },
  Users: {
    'user.add': 'User added',
    'user.change': 'User changed',
    'user.remove': 'User removed',
    'user.link': 'One-time link made',
    'user.password': 'Password set',
    'user.second-factor': 'Second factor changed',
    'user.recovery-code': 'Recovery code used',
    'user.recovery-codes': 'Recovery codes renewed',
  },
  Sessions: { 'session.begin': 'Signed in', 'session.end': 'Session ended' },
  Tokens: { 'token.add': 'Token made', 'token.remove': 'Token removed' },
};

function lists(list: 'allow' | 'deny'): Record<string, string> {
  const name = list === 'allow' ? 'Allowlist' : 'Denylist';
  return {
    [`${list}.add`]: `${name}: entry added`,
    [`${list}.change`]: `${name}: entry changed`,
    [`${list}.remove`]: `${name}: entry removed`,
    [`${list}.import`]: `${name}: file imported`,
    [`${list}.import-undone`]: `${name}: import undone`,
    [`${list}.end`]: `${name}: entry ended`,
  };
}

/** For a Select. */
export const WHAT_GROUPS = Object.entries(WORDS).map(([group, words]) => ({
  group,
  items: Object.entries(words).map(([value, label]) => ({ value, label })),
}));

export function whatInWords(what: string): string {
  return Object.values(WORDS).find((words) => what in words)?.[what] ?? what;
}
