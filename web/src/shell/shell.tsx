/** What stands around every page: navigation, state of the firewall, the search for an address, account. */
import { AppShell, Burger, Group } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Suspense, useEffect, useRef } from 'react';
import { Outlet, ScrollRestoration, useLocation } from 'react-router';
import { AccountMenu } from './account-menu.tsx';
import { LiveSign } from './live-sign.tsx';
import { Logo } from './logo.tsx';
import { Navigation } from './navigation.tsx';
import { PageLoader } from './page-loader.tsx';
import { StateBadge } from './state-badge.tsx';
import { WhySearch } from './why-search.tsx';
import classes from './shell.module.css';

export function Shell() {
  const [menuOpen, menu] = useDisclosure(false);
  const { pathname } = useLocation();
  useEffect(() => menu.close(), [pathname]);
  useFocusOnContent(pathname);

  return (
    <AppShell
      header={{ height: { base: 100, sm: 54 } }}
      navbar={{ width: 212, breakpoint: 'sm', collapsed: { mobile: !menuOpen } }}
      padding={{ base: 'sm', sm: 'lg' }}
    >
      <a className="skip-link" href="#content">
        Skip to the content
      </a>
      <AppShell.Header className={classes.header}>
        <Group gap="xs" wrap="nowrap" className={classes.brand}>
          <Burger
            opened={menuOpen}
            onClick={menu.toggle}
            hiddenFrom="sm"
            size="sm"
            aria-label={menuOpen ? 'Close the menu' : 'Open the menu'}
            aria-expanded={menuOpen}
            aria-controls="navigation"
          />
          <Logo />
        </Group>
        <div className={classes.search}>
          <WhySearch />
        </div>
        <Group gap="xs" wrap="nowrap" className={classes.corner}>
          <LiveSign />
          <StateBadge />
          <AccountMenu />
        </Group>
      </AppShell.Header>
      <AppShell.Navbar id="navigation" className={classes.navbar}>
        <Navigation />
      </AppShell.Navbar>
      <AppShell.Main id="content" tabIndex={-1} className={classes.main}>
        <Suspense fallback={<PageLoader />}>
          <Outlet />
        </Suspense>
      </AppShell.Main>
      <ScrollRestoration />
    </AppShell>
  );
}

/** After going to another page, a screen reader reads on there, and the next Tab is in it. */
function useFocusOnContent(pathname: string): void {
  const before = useRef(pathname);
  useEffect(() => {
    if (before.current === pathname) return;
    before.current = pathname;
    document.getElementById('content')?.focus({ preventScroll: true });
  }, [pathname]);
}
