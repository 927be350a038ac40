import type { Answer } from '../../api/client.ts';

/** Everything that is known of one attack. */
export type Attack = Answer<'/attacks/{id}'>;
