/** A button that reads like a link, for what opens on the same page: `<TextButton onClick={…}>Details</TextButton>`. */
import { Anchor } from '@mantine/core';
import type { ReactNode } from 'react';

export function TextButton({ onClick, children }: { onClick: () => void; children: ReactNode }) {
  return (
    <Anchor component="button" type="button" size="sm" inherit ta="start" onClick={onClick}>
      {children}
    </Anchor>
  );
}
