/** The sign of the product; leads home. */
import { Link } from 'react-router';
import classes from './shell.module.css';

export function Logo() {
  return (
    <Link to="/" className={classes.logo} aria-label="Ringfence, to the overview">
      <img src="/icon.svg" alt="" width={24} height={24} />
      Ringfence
    </Link>
  );
}
