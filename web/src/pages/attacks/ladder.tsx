/**
 * The messages between attacker and victim: two lifelines, an arrow for each message, the verdicts between them. A list of buttons for
 * keyboards and screen readers; each opens the text of its message.
 */
import { Button, Center, UnstyledButton, VisuallyHidden } from '@mantine/core';
import { Fragment, useId, useState } from 'react';
import type { components } from '../../api/schema.d.ts';
import { counted, exactTime } from '../../text/moments.ts';
import { Untrusted } from '../../text/untrusted.tsx';
import type { Attack } from './attack.ts';
import classes from './ladder.module.css';
import { measured, offset } from './told.ts';

type Message = Attack['messages'][number];
type Verdict = components['schemas']['Verdict'];
type Incident = components['schemas']['Incident'];

/** As many as fit on a screen or two; the rest comes on demand. */
const SHOWN_FIRST = 30;
const SUMMARY_CHARS = 120;

export interface LadderProps {
  incident: Incident;
  messages: readonly Message[];
  verdicts: readonly Verdict[];
}

export function Ladder({ incident, messages, verdicts }: LadderProps) {
  const [all, setAll] = useState(false);
  const shown = all ? messages : messages.slice(0, SHOWN_FIRST);
  const rest = messages.length - shown.length;
  const marks = [...verdicts].sort((a, b) => a.at - b.at);
  const start = messages[0]?.at ?? incident.first;
  /** Verdicts that were reached after a message and before the next one. */
  const after = (index: number) => {
    const from = shown[index].at;
    const to = shown[index + 1]?.at ?? (rest > 0 ? from : Infinity);
    return marks.filter(({ at }) => at >= from && at < to);
  };
  return (
    <>
      <div className={classes.ladder}>
        <div className={classes.ends}>
          <span className={classes.end}>{incident.source}</span>
          <span className={classes.end}>{incident.victim}</span>
        </div>
        <ol className={classes.ladder} aria-label="Messages in the order of time">
          {shown.map((message, index) => (
            <Fragment key={index}>
              <Row message={message} start={start} />
              {after(index).map((verdict) => (
                <Mark key={`${verdict.at} ${verdict.action}`} verdict={verdict} />
              ))}
            </Fragment>
          ))}
          {rest === 0 && incident.dropped > 0 && (
            <li className={classes.mark}>
              The kernel dropped {counted(incident.dropped, 'more packet')}; they reached nobody and are not kept.
            </li>
          )}
        </ol>
      </div>
      {rest > 0 && (
        <Center mt="xs">
          <Button variant="default" size="compact-sm" onClick={() => setAll(true)}>
            Show {counted(rest, 'more message')}
          </Button>
        </Center>
      )}
    </>
  );
}

const DIRECTIONS = { in: 'From attacker to victim', out: 'From victim to attacker' } as const;

function Row({ message, start }: { message: Message; start: number }) {
  const [open, setOpen] = useState(false);
  const id = useId();
  const { at, side, summary } = message;
  return (
    <li>
      <UnstyledButton
        className={classes.message}
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        onClick={() => setOpen(!open)}
      >
        <span className={classes.time} title={exactTime(at)}>
          {offset(Math.max(at - start, 0))}
        </span>
        <span className={classes.lines}>
          <span className={classes.label}>
            <VisuallyHidden>{DIRECTIONS[side]}: </VisuallyHidden>
            <span className={classes.summary}>
              <Untrusted text={summary} max={SUMMARY_CHARS} />
            </span>
          </span>
          <span
            className={`${classes.arrow} ${side === 'in' ? classes.in : classes.out}`}
            style={{ display: 'block' }}
          />
        </span>
      </UnstyledButton>
      {open && <Text id={id} message={message} />}
    </li>
  );
}

function Mark({ verdict }: { verdict: Verdict }) {
  const title = {
    pass: 'Let through',
    watch: 'Watched',
    limit: 'Limited',
    block: 'Blocked',
    deny: 'Blocked for good',
  }[verdict.action];
  return (
    <li className={classes.mark}>
      <strong>{title}</strong>: {measured(verdict)}.
    </li>
  );
}

/** Line by line, with what cannot be seen made visible. */
function Text({ id, message }: { id: string; message: Message }) {
  const { text, length, truncated, from, fromPort, to, toPort, transport, at } = message;
  const lines = text.split(/\r?\n/);
  return (
    <div id={id} className={classes.text} tabIndex={0} role="group" aria-label="Text of the message">
      <div>
        {exactTime(at)} {from}:{fromPort} → {to}:{toPort} {transport.toUpperCase()}, {counted(length, 'byte')}
        {truncated && ', cut'}
      </div>
      <br />
      {lines.map((line, index) => (
        <div key={index}>{line === '' ? <br /> : <Untrusted text={line} max={LINE_CHARS} />}</div>
      ))}
    </div>
  );
}

const LINE_CHARS = 4000;
