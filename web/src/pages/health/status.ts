import type { Answer } from '../../api/client.ts';

export type Status = Answer<'/status'>;
