/** Attacks over a period, as the API counts them. */
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { ask, type Answer } from '../../api/client.ts';
import type { ApiError } from '../../api/problem.ts';
import { questionOf, type PeriodName } from './period.ts';

export type Statistics = Answer<'/statistics'>;

/**
 * New attacks are in the ticker at once, the counts follow: an answer takes the daemon 20 ms of one core (measured at a million attacks),
 * and each open window asks for its own.
 */
const EVERY_MS: Record<PeriodName, number> = { '24h': 5000, '7d': 15_000, '30d': 60_000 };

/** The key is the name of the period, not its moments: so the numbers change in place while time goes on. */
export function useStatistics(period: PeriodName) {
  return useQuery<Statistics, ApiError>({
    queryKey: ['/statistics', period],
    queryFn: ({ signal }) => ask('get', '/statistics', { query: questionOf(period, Date.now()) }, signal),
    placeholderData: keepPreviousData,
    refetchInterval: EVERY_MS[period],
  });
}
