/**
 * Stacked bars over time, on a canvas. ECharts is large: load this file by `lazy(() => import(…))`. It is a picture; the numbers for who
 * cannot see it stand in a table beside it.
 */
import { useComputedColorScheme } from '@mantine/core';
import { BarChart } from 'echarts/charts';
import { GridComponent, TooltipComponent } from 'echarts/components';
import { init, use, type ECharts } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import { useEffect, useRef } from 'react';
import { count, shortCount } from '../text/moments.ts';
import classes from './charts.module.css';

use([BarChart, GridComponent, TooltipComponent, CanvasRenderer]);

export interface BarsOverTimeProps {
  label: string;
  height: number;
  /** One for each bar: what stands under it, and what its tooltip begins with. */
  steps: readonly { short: string; long: string }[];
  /** From the bottom up; each has a value for each step. */
  series: readonly { name: string; color: string; values: readonly number[] }[];
}

export default function BarsOverTime({ label, height, steps, series }: BarsOverTimeProps) {
  const dark = useComputedColorScheme('light') === 'dark';
  const box = useRef<HTMLDivElement>(null);
  const chart = useRef<ECharts>(null);

  useEffect(() => {
    const drawn = init(box.current!, null, { renderer: 'canvas' });
    chart.current = drawn;
    const watch = new ResizeObserver(() => drawn.resize());
    watch.observe(box.current!);
    return () => {
      watch.disconnect();
      drawn.dispose();
    };
  }, []);

  useEffect(() => {
    chart.current!.setOption(optionOf(steps, series, dark), { replaceMerge: ['series'] });
  }, [steps, series, dark]);

  return <div ref={box} className={classes.chart} style={{ height }} role="img" aria-label={label} />;
}

function optionOf(steps: BarsOverTimeProps['steps'], series: BarsOverTimeProps['series'], dark: boolean) {
  const text = dark ? '#949ca9' : '#5b636d';
  const line = dark ? '#282d35' : '#e9ecef';
  return {
    animation: false,
    grid: { left: 4, right: 4, top: 8, bottom: 4, containLabel: true },
    textStyle: { fontFamily: "'Inter Variable', system-ui, sans-serif" },
    xAxis: {
      type: 'category',
      data: steps.map(({ short }) => short),
      axisTick: { show: false },
      axisLine: { lineStyle: { color: line } },
      axisLabel: { color: text, fontSize: 11, hideOverlap: true },
    },
    yAxis: {
      type: 'value',
      minInterval: 1,
      splitLine: { lineStyle: { color: line } },
      axisLabel: { color: text, fontSize: 11, formatter: shortCount },
    },
    tooltip: {
      trigger: 'axis',
      axisPointer: { type: 'shadow', shadowStyle: { color: dark ? 'rgba(255,255,255,.05)' : 'rgba(0,0,0,.04)' } },
      // HTML would be a way in for markup; rich text is drawn on the canvas.
      renderMode: 'richText',
      confine: true,
      backgroundColor: dark ? '#282d35' : '#ffffff',
      borderColor: dark ? '#353b46' : '#d5dae0',
      textStyle: { color: dark ? '#d9dde4' : '#1f2530', fontSize: 12 },
      formatter: (points: { dataIndex: number }[]) => tooltipOf(steps, series, points[0].dataIndex),
    },
    series: series.map(({ name, color, values }) => ({
      type: 'bar',
      name,
      stack: 'all',
      data: values,
      itemStyle: { color },
      barCategoryGap: '22%',
      emphasis: { disabled: true },
    })),
  };
}

function tooltipOf(steps: BarsOverTimeProps['steps'], series: BarsOverTimeProps['series'], index: number): string {
  const lines = series
    .filter(({ values }) => values[index] > 0)
    .map(({ name, values }) => `${count(values[index])}  ${name}`)
    .reverse();
  return [steps[index].long, ...(lines.length > 0 ? lines : ['nothing'])].join('\n');
}
