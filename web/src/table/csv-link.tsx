/** The CSV of a list with its filters: `<CsvLink path="/blocks" query={filters} />`; the API streams it as a file. */
import { Button } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { urlOf } from '../api/client.ts';

export function CsvLink({ path, query }: { path: string; query?: Parameters<typeof urlOf>[1] }) {
  return (
    <Button
      component="a"
      href={urlOf(`${path}.csv`, query)}
      download
      variant="default"
      leftSection={<IconDownload size={15} />}
    >
      CSV
    </Button>
  );
}
