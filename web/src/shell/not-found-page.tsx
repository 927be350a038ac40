/** No page has this address. */
import { Button } from '@mantine/core';
import { IconMapOff } from '@tabler/icons-react';
import { Link } from 'react-router';
import { Empty } from '../table/empty.tsx';
import { Page } from './page.tsx';

export function NotFoundPage() {
  return (
    <Page title="Page not found">
      <Empty
        icon={IconMapOff}
        title="There is no page at this address"
        text="The link may be old or cut. Every page is in the navigation."
        action={
          <Button component={Link} to="/" mt="xs">
            To the overview
          </Button>
        }
      />
    </Page>
  );
}
