/** Routes: sign-in and set-up stand alone, every other page inside the shell and behind the sign-in. */
import { lazy } from 'react';
import { createBrowserRouter } from 'react-router';
import { pages } from './pages.tsx';
import { BrokenPage } from './shell/broken-page.tsx';
import { NotFoundPage } from './shell/not-found-page.tsx';
import { Shell } from './shell/shell.tsx';
import { SignedIn } from './shell/signed-in.tsx';

const SignInPage = lazy(() => import('./pages/sign-in/sign-in-page.tsx').then((m) => ({ default: m.SignInPage })));
const SetUpPage = lazy(() => import('./pages/set-up/set-up-page.tsx').then((m) => ({ default: m.SetUpPage })));

export const router = createBrowserRouter([
  { path: '/sign-in', element: <SignInPage />, errorElement: <BrokenPage /> },
  { path: '/setup', element: <SetUpPage />, errorElement: <BrokenPage /> },
  {
    element: (
      <SignedIn>
        <Shell />
      </SignedIn>
    ),
    errorElement: <BrokenPage />,
    children: [
      ...pages.map(({ path, component: Component }) => ({
        path,
        element: <Component />,
        errorElement: <BrokenPage />,
      })),
      { path: '*', element: <NotFoundPage /> },
    ],
  },
]);
