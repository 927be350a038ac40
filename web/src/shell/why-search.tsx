/** “Why is this address blocked?” on every page; the key / goes there. */
import { Kbd, TextInput } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { useRef, useState, type FormEvent } from 'react';
import { useNavigate } from 'react-router';
import { whyPath } from '../text/address.tsx';

export function WhySearch() {
  const [text, setText] = useState('');
  const field = useRef<HTMLInputElement>(null);
  const navigate = useNavigate();
  useHotkeys([['/', () => field.current?.focus()]]);

  const search = (event: FormEvent) => {
    event.preventDefault();
    const address = text.trim();
    if (address === '') return;
    setText('');
    field.current?.blur();
    void navigate(whyPath(address));
  };
  return (
    <form role="search" onSubmit={search}>
      <TextInput
        ref={field}
        value={text}
        onChange={({ currentTarget }) => setText(currentTarget.value)}
        placeholder="Why is this address blocked?"
        aria-label="Why is this address blocked? Enter an IP address"
        leftSection={<IconSearch size={15} aria-hidden />}
        rightSection={
          <Kbd size="xs" visibleFrom="sm" aria-hidden>
            /
          </Kbd>
        }
        autoComplete="off"
        spellCheck={false}
        inputMode="text"
        enterKeyHint="search"
      />
    </form>
  );
}
