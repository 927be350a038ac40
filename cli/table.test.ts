import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { cutToWidth, displayWidth, renderFields, renderTable, wrap, type Column } from './table.ts';

interface Row {
  name: string;
  agent: string;
  count: string;
}
const columns: Column<Row>[] = [
  { title: 'NAME', cell: (row) => row.name },
  { title: 'AGENT', cell: (row) => row.agent, widthMin: 6, leaveOut: 1 },
  { title: 'COUNT', cell: (row) => row.count, align: 'right' },
];
const rows: Row[] = [
  { name: '192.0.2.1', agent: 'friendly-scanner', count: '7' },
  { name: '2001:db8::1', agent: '', count: '1,234' },
];

describe('a table', () => {
  it('aligns its columns', () => {
    expect(renderTable(columns, rows, 80)).toBe(
      [
        'NAME         AGENT             COUNT',
        '192.0.2.1    friendly-scanner      7',
        '2001:db8::1                    1,234',
      ].join('\n'),
    );
  });

  it('shortens what may be shortened when the terminal is narrow', () => {
    expect(renderTable(columns, rows, 28)).toBe(
      ['NAME         AGENT     COUNT', '192.0.2.1    friendl…      7', '2001:db8::1            1,234'].join('\n'),
    );
  });

  it('leaves columns out when shortening is not enough', () => {
    expect(renderTable(columns, rows, 20)).toBe(
      ['NAME         COUNT', '192.0.2.1        7', '2001:db8::1  1,234'].join('\n'),
    );
  });

  it('never cuts what must be whole, even if the line gets too long', () => {
    expect(renderTable(columns, rows, 5)).toContain('2001:db8::1');
  });
});

describe('the width of text in terminal cells', () => {
  const widths: [text: string, width: number][] = [
    ['abc', 3],
    ['é', 1],
    ['e\u0301', 1],
    ['電話', 4],
    ['😀', 2],
    ['', 0],
  ];
  it.each(widths)('%s', (text, width) => expect(displayWidth(text)).toBe(width));

  it('cutting always fits', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 1, max: 30 }), (text, width) => {
        expect(displayWidth(cutToWidth(text, width))).toBeLessThanOrEqual(width);
      }),
    );
  });
});

it('fields keep values of several lines in their column', () => {
  expect(
    renderFields([
      ['a', '1'],
      ['long', 'x\ny'],
    ]),
  ).toBe('a     1\nlong  x\n      y');
});

it('prose is filled into lines', () => expect(wrap('aa bb cc dd', 5)).toBe('aa bb\ncc dd'));
