/** A country: `<Country code="DE" />` shows its flag and name (`nameless`: flag and code). Null is “unknown”. */
import { Tooltip } from '@mantine/core';
import classes from './text.module.css';

const names = new Intl.DisplayNames('en', { type: 'region', fallback: 'code' });
const CODE = /^[A-Z]{2}$/;

/** The name of a two-letter code; of anything else the code itself. */
export function countryName(code: string): string {
  return CODE.test(code) ? (names.of(code) ?? code) : code;
}

export function Country({ code, nameless = false }: { code: string | null; nameless?: boolean }) {
  if (code === null || !CODE.test(code)) return <span className={classes.nothing}>{code ?? 'unknown'}</span>;
  const name = countryName(code);
  const shown = (
    <span className={classes.country}>
      <Flag code={code} />
      {nameless ? code : name}
    </span>
  );
  return nameless ? <Tooltip label={name}>{shown}</Tooltip> : shown;
}

/** Each flag is a file of its own (web/public/flags); a browser loads those that it shows. */
export function Flag({ code }: { code: string }) {
  return (
    <img
      className={classes.flag}
      src={`/flags/${code.toLowerCase()}.svg`}
      alt=""
      loading="lazy"
      width={20}
      height={15}
      onError={({ currentTarget }) => {
        currentTarget.style.visibility = 'hidden';
      }}
    />
  );
}
