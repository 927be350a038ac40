/** A new password, typed twice. Whether it is good enough says the daemon. */
import { PasswordInput } from '@mantine/core';
import { useEffect, useState } from 'react';

interface NewPasswordProps {
  value: string;
  onChange: (value: string) => void;
  /** Both fields say the same. */
  onTwice: (same: boolean) => void;
}

export function NewPassword({ value, onChange, onTwice }: NewPasswordProps) {
  const [again, setAgain] = useState('');
  const same = value !== '' && value === again;
  useEffect(() => onTwice(same), [same, onTwice]);
  return (
    <>
      <PasswordInput
        label="New password"
        description="At least 12 characters; a few unrelated words are easy to keep in mind."
        value={value}
        onChange={({ currentTarget }) => onChange(currentTarget.value)}
        autoComplete="new-password"
        minLength={12}
        required
      />
      <PasswordInput
        label="The same again"
        value={again}
        onChange={({ currentTarget }) => setAgain(currentTarget.value)}
        autoComplete="new-password"
        error={again !== '' && !value.startsWith(again) ? 'This is another password' : undefined}
        required
      />
    </>
  );
}
