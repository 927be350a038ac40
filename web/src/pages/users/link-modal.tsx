/** A one-time link, to be given to the person it is for. */
import { Modal, Text } from '@mantine/core';
import { ShownOnce } from '../../confirm/shown-once.tsx';
import { exactTime } from '../../text/moments.ts';

export interface OneTimeLink {
  name: string;
  /** `/setup#…` */
  link: string;
  until: number;
}

export function LinkModal({ link, onClose }: { link: OneTimeLink | null; onClose: () => void }) {
  return (
    <Modal opened={link !== null} onClose={onClose} title="One-time link" size="lg" closeOnClickOutside={false}>
      {link && (
        <>
          <Text size="sm" mb="md">
            Give this to {link.name} on a way that nobody else reads. Whoever opens it chooses the password of the
            account. It is good once, until {exactTime(link.until)}.
          </Text>
          <ShownOnce
            label="Link"
            text={location.origin + link.link}
            note="It is shown this once; a new one replaces it."
          />
        </>
      )}
    </Modal>
  );
}
