/** Every page behind the sign-in: where it is, its place in the navigation, its code (loaded when it is opened). A new page is one row. */
import {
  IconActivityHeartbeat,
  IconAdjustmentsHorizontal,
  IconBan,
  IconBell,
  IconCircleCheck,
  IconFileAnalytics,
  IconHistory,
  IconHome,
  IconInfoCircle,
  IconRss,
  IconShieldX,
  IconSwords,
  IconUsers,
  IconWorld,
  type Icon,
} from '@tabler/icons-react';
import { lazy, type ComponentType } from 'react';

export interface PageRow {
  /** Under the root; `:id` is a parameter. */
  path: string;
  component: ComponentType;
  /** Its place in the navigation; without it, other pages lead there. */
  nav?: { group: 'Watch' | 'Rules' | 'System'; title: string; icon: Icon };
}

/** A module that exports the page under `name`. */
function page<Name extends string>(load: () => Promise<Record<Name, ComponentType>>, name: Name): ComponentType {
  return lazy(async () => ({ default: (await load())[name] as ComponentType }));
}

export const pages: readonly PageRow[] = [
  {
    path: '/',
    component: page(() => import('./pages/overview/overview-page.tsx'), 'OverviewPage'),
    nav: { group: 'Watch', title: 'Overview', icon: IconHome },
  },
  {
    path: '/attacks',
    component: page(() => import('./pages/attacks/attacks-page.tsx'), 'AttacksPage'),
    nav: { group: 'Watch', title: 'Attacks', icon: IconSwords },
  },
  { path: '/attacks/:id', component: page(() => import('./pages/attacks/attack-page.tsx'), 'AttackPage') },
  {
    path: '/blocked',
    component: page(() => import('./pages/blocked/blocked-page.tsx'), 'BlockedPage'),
    nav: { group: 'Watch', title: 'Blocked', icon: IconBan },
  },
  {
    path: '/reports',
    component: page(() => import('./pages/reports/reports-page.tsx'), 'ReportsPage'),
    nav: { group: 'Watch', title: 'Reports', icon: IconFileAnalytics },
  },
  { path: '/why', component: page(() => import('./pages/why/why-page.tsx'), 'WhyPage') },
  { path: '/why/:address', component: page(() => import('./pages/why/why-page.tsx'), 'WhyPage') },
  {
    path: '/allowlist',
    component: page(() => import('./pages/lists/allowlist-page.tsx'), 'AllowlistPage'),
    nav: { group: 'Rules', title: 'Allowlist', icon: IconCircleCheck },
  },
  {
    path: '/denylist',
    component: page(() => import('./pages/lists/denylist-page.tsx'), 'DenylistPage'),
    nav: { group: 'Rules', title: 'Denylist', icon: IconShieldX },
  },
  {
    path: '/feeds',
    component: page(() => import('./pages/feeds/feeds-page.tsx'), 'FeedsPage'),
    nav: { group: 'Rules', title: 'Feeds', icon: IconRss },
  },
  {
    path: '/countries',
    component: page(() => import('./pages/countries/countries-page.tsx'), 'CountriesPage'),
    nav: { group: 'Rules', title: 'Countries', icon: IconWorld },
  },
  {
    path: '/protection',
    component: page(() => import('./pages/protection/protection-page.tsx'), 'ProtectionPage'),
    nav: { group: 'Rules', title: 'Protection', icon: IconAdjustmentsHorizontal },
  },
  { path: '/protection/history', component: page(() => import('./pages/protection/history-page.tsx'), 'HistoryPage') },
  {
    path: '/notifications',
    component: page(() => import('./pages/notifications/notifications-page.tsx'), 'NotificationsPage'),
    nav: { group: 'System', title: 'Notifications', icon: IconBell },
  },
  {
    path: '/health',
    component: page(() => import('./pages/health/health-page.tsx'), 'HealthPage'),
    nav: { group: 'System', title: 'Health', icon: IconActivityHeartbeat },
  },
  {
    path: '/audit',
    component: page(() => import('./pages/audit/audit-page.tsx'), 'AuditPage'),
    nav: { group: 'System', title: 'Audit', icon: IconHistory },
  },
  {
    path: '/users',
    component: page(() => import('./pages/users/users-page.tsx'), 'UsersPage'),
    nav: { group: 'System', title: 'Users', icon: IconUsers },
  },
  {
    path: '/about',
    component: page(() => import('./pages/about/about-page.tsx'), 'AboutPage'),
    nav: { group: 'System', title: 'About', icon: IconInfoCircle },
  },
  { path: '/account', component: page(() => import('./pages/account/account-page.tsx'), 'AccountPage') },
];
