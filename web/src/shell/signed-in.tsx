/** Lets nobody in who is not signed in; who was signed out meanwhile goes to the sign-in and comes back to the same page. */
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, type ReactNode } from 'react';
import { Navigate, useLocation } from 'react-router';
import { onSessionTrouble } from '../api/client.ts';
import { LiveProvider } from '../api/live.tsx';
import { SESSION_KEY, useSessionQuery } from '../api/session.ts';
import { ProblemAlert } from '../confirm/problem-alert.tsx';
import { PageLoader } from './page-loader.tsx';

export function SignedIn({ children }: { children: ReactNode }) {
  const queries = useQueryClient();
  const session = useSessionQuery();
  const { pathname, search } = useLocation();
  useEffect(() => {
    onSessionTrouble((trouble) => {
      if (trouble === 'gone') queries.setQueryData(SESSION_KEY, null);
      else void queries.invalidateQueries({ queryKey: SESSION_KEY });
    });
  }, [queries]);

  if (session.isPending) return <PageLoader />;
  if (session.isError) return <ProblemAlert error={session.error} again={() => void session.refetch()} />;
  if (session.data === null) return <Navigate to={signInPath(pathname + search)} replace />;
  return <LiveProvider>{children}</LiveProvider>;
}

export function signInPath(from: string): string {
  return from === '/' ? '/sign-in' : `/sign-in?from=${encodeURIComponent(from)}`;
}
