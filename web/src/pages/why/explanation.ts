import type { components } from '../../api/schema.d.ts';

export type Explanation = components['schemas']['Explanation'];
