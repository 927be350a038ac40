/**
 * A map of the world, drawn as SVG so that it follows the colour scheme and a country can be pointed at and chosen:
 * `<WorldMap label="Attacks by country" shade={(code) => 0…5} describe={(code) => 'Germany: 12 attacks'} onChoose={…} />`.
 * Who cannot see or point finds the same in the table that stands beside each map.
 */
import { Skeleton, Tooltip } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { memo, useCallback, useState, type MouseEvent } from 'react';
import { ProblemAlert } from '../confirm/problem-alert.tsx';
import { ApiError } from '../api/problem.ts';
import classes from './charts.module.css';

/** Projected into a box of `VIEW_BOX`. */
export interface CountryShape {
  /** ISO 3166-1 alpha-2; null: the map has a name for it and the country data have no code. */
  code: string | null;
  /** SVG path data; empty when it is a dot. */
  path: string;
  /** The middle of a country that is too small to be seen. */
  dot: { x: number; y: number } | null;
}

const VIEW_BOX = '0 0 960 450';

export interface WorldMapProps {
  label: string;
  /** What a country looks like: one of the classes `[data-shade='…']` of charts.module.css. */
  shade: (code: string) => string;
  /** What is said of a country that is pointed at. */
  describe: (code: string) => string;
  onChoose?: (code: string) => void;
}

export function WorldMap({ label, shade, describe, onChoose }: WorldMapProps) {
  const world = useQuery({
    queryKey: ['world'],
    queryFn: () => import('virtual:world').then((m) => m.default),
    staleTime: Infinity,
    gcTime: Infinity,
  });
  const [pointed, setPointed] = useState<string | null>(null);
  const point = useCallback((event: MouseEvent<SVGElement>) => setPointed(codeAt(event)), []);
  if (world.isError) {
    const problem = {
      status: 0,
      code: 'map-missing',
      detail: `The map could not be loaded: ${world.error.message}`,
      hint: 'The table has the same.',
    };
    return <ProblemAlert error={new ApiError(problem)} again={() => void world.refetch()} />;
  }
  return (
    <div className={classes.map}>
      {world.data ? (
        <Tooltip.Floating label={pointed === null ? '' : describe(pointed)} disabled={pointed === null}>
          <svg
            viewBox={VIEW_BOX}
            role="img"
            aria-label={label}
            data-choice={onChoose !== undefined || undefined}
            onMouseMove={point}
            onMouseLeave={() => setPointed(null)}
            onClick={(event) => {
              const code = codeAt(event);
              if (code !== null) onChoose?.(code);
            }}
          >
            {world.data.map((country, index) => (
              <Shape key={index} of={country} shade={country.code === null ? 'none' : shade(country.code)} />
            ))}
          </svg>
        </Tooltip.Floating>
      ) : (
        <Skeleton height="100%" />
      )}
    </div>
  );
}

function codeAt({ target }: MouseEvent<SVGElement>): string | null {
  return (target as SVGElement).dataset.code ?? null;
}

/** Only a country whose colour changes is drawn anew. */
const Shape = memo(function Shape({ of: { code, path, dot }, shade }: { of: CountryShape; shade: string }) {
  const look = { className: classes.country, 'data-shade': shade, 'data-code': code ?? undefined };
  if (dot) return <circle cx={dot.x} cy={dot.y} r={2.6} {...look} />;
  return <path d={path} {...look} />;
});
