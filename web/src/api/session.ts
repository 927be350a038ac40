/** Who is signed in. `useSession()` inside the shell never answers null; `useMay('configure')` says whether a button makes sense. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { ask, rememberCsrf, type Answer } from './client.ts';
import { ApiError } from './problem.ts';

export type Session = Answer<'/session'>;
export type Scope = Session['scopes'][number];

export const SESSION_KEY = ['/session'] as const;

/** Null: nobody is signed in. */
export function useSessionQuery() {
  return useQuery<Session | null, ApiError>({
    queryKey: SESSION_KEY,
    staleTime: Infinity,
    queryFn: async () => {
      try {
        const session = await ask('get', '/session');
        rememberCsrf(session.csrf);
        return session;
      } catch (error) {
        if (error instanceof ApiError && error.status === 401) return null;
        throw error;
      }
    },
  });
}

export function useSession(): Session {
  const { data } = useSessionQuery();
  if (!data) throw new Error('This part of the page needs somebody who is signed in.');
  return data;
}

/** What the signed-in person may do; the daemon checks it again. */
export function useMay(scope: Scope): boolean {
  return useSession().scopes.includes(scope);
}

/** Somebody signed in, or got a new session. */
export function useBegin(): (session: Session) => void {
  const queries = useQueryClient();
  return (session) => {
    rememberCsrf(session.csrf);
    queries.setQueryData(SESSION_KEY, session);
  };
}

/** Forgets everything that was shown to the last one. */
export function useForget(): () => void {
  const queries = useQueryClient();
  return () => {
    rememberCsrf(null);
    queries.setQueryData(SESSION_KEY, null);
    queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== SESSION_KEY[0] });
  };
}
