/** A filter that is typed: it counts when Enter is pressed or the field is left, so that no half of an address is searched for. */
import { CloseButton, TextInput } from '@mantine/core';
import { useState } from 'react';

export interface TypedFilterProps {
  label: string;
  placeholder: string;
  value: string | undefined;
  onChange: (value: string) => void;
}

export function TypedFilter({ label, placeholder, value = '', onChange }: TypedFilterProps) {
  const [draft, setDraft] = useState(value);
  const [known, setKnown] = useState(value);
  // Back, a saved view or “clear” changed it from outside.
  if (known !== value) {
    setKnown(value);
    setDraft(value);
  }
  const commit = (text: string) => {
    if (text.trim() !== value) onChange(text.trim());
  };
  return (
    <TextInput
      size="xs"
      label={label}
      placeholder={placeholder}
      value={draft}
      onChange={({ currentTarget }) => setDraft(currentTarget.value)}
      onBlur={() => commit(draft)}
      onKeyDown={({ key }) => {
        if (key === 'Enter') commit(draft);
      }}
      rightSection={
        draft && (
          <CloseButton
            size="xs"
            aria-label={`Clear: ${label}`}
            onClick={() => {
              setDraft('');
              commit('');
            }}
          />
        )
      }
    />
  );
}
