/** What can be done about a problem: `<Hint text={problem.hint} />`. A command that has a page here is a link to it. */
import { Anchor } from '@mantine/core';
import { Link } from 'react-router';
import { hintParts } from './commands.ts';
import { Untrusted } from './untrusted.tsx';

export function Hint({ text }: { text: string }) {
  return hintParts(text).map(({ text: part, to }, index) =>
    to === undefined ? (
      <Untrusted key={index} text={part} />
    ) : (
      <Anchor key={index} component={Link} to={to} inherit>
        {part}
      </Anchor>
    ),
  );
}
