/** The report as the API answers it. */
import type { components } from '../../api/schema.d.ts';

export type Report = components['schemas']['ReportPage'];
export type Decision = Report['decisions']['rows'][number];
