/** Text of strangers: `<Untrusted text={userAgent} />`. What cannot be seen is shown as an escape, long text is cut, direction never leaks. */
import { visibleParts } from './escape.ts';
import classes from './text.module.css';

const LENGTH_MAX = 300;
/** A name: shown whole, however narrow the column. */
const SHORT_CHARS_MAX = 24;

export function Untrusted({ text, max = LENGTH_MAX }: { text: string; max?: number }) {
  const shown = text.length > max ? text.slice(0, max) : text;
  if (shown === '') return <span className={classes.nothing}>(empty)</span>;
  return (
    <bdi className={classes.untrusted} data-short={shown.length <= SHORT_CHARS_MAX || undefined}>
      {visibleParts(shown).map((part, index) =>
        part.escaped ? (
          <span key={index} className={classes.escape}>
            {part.text}
          </span>
        ) : (
          part.text
        ),
      )}
      {text.length > max && <span className={classes.nothing}> … {text.length - max} more characters</span>}
    </bdi>
  );
}
