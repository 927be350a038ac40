/** An IP address: `<Address of="203.0.113.66" />` leads to why it is blocked or not, and copies. */
import { ActionIcon, Anchor, CopyButton } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { Link } from 'react-router';
import { visible } from './escape.ts';
import classes from './text.module.css';

export function Address({ of }: { of: string }) {
  return (
    <span className={classes.address}>
      <Anchor component={Link} to={whyPath(of)} size="sm" inherit>
        {visible(of)}
      </Anchor>
      <CopyButton value={of}>
        {({ copied, copy }) => (
          <ActionIcon
            className={classes.copy}
            variant="transparent"
            color="gray"
            size="xs"
            onClick={copy}
            aria-label={copied ? 'Copied' : `Copy ${visible(of)}`}
          >
            {copied ? <IconCheck size={13} /> : <IconCopy size={13} />}
          </ActionIcon>
        )}
      </CopyButton>
    </span>
  );
}

/** The page that explains an address. */
export function whyPath(address: string): string {
  return `/why/${encodeURIComponent(address)}`;
}
