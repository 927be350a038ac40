/** Never blocked. */
import { ListPage } from './list-page.tsx';

export function AllowlistPage() {
  return <ListPage key="allow" list="allow" />;
}
