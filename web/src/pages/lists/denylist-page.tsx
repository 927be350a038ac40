/** Always blocked. */
import { ListPage } from './list-page.tsx';

export function DenylistPage() {
  return <ListPage key="deny" list="deny" />;
}
