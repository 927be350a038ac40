/** The list of pages, in groups. */
import { NavLink } from 'react-router';
import { pages } from '../pages.tsx';
import classes from './shell.module.css';

const GROUPS = ['Watch', 'Rules', 'System'] as const;

export function Navigation() {
  return (
    <nav aria-label="Pages">
      {GROUPS.map((group) => (
        <div key={group}>
          <p className={classes.group} id={`group-${group}`}>
            {group}
          </p>
          <ul className={classes.links} aria-labelledby={`group-${group}`}>
            {pages.map(({ path, nav }) =>
              nav?.group === group ? (
                <li key={path}>
                  <NavLink to={path} end={path === '/'} className={classes.link}>
                    <nav.icon size={17} stroke={1.6} aria-hidden />
                    {nav.title}
                  </NavLink>
                </li>
              ) : null,
            )}
          </ul>
        </div>
      ))}
    </nav>
  );
}
