/** Start here: styles, providers, router. */
import '@fontsource-variable/inter/standard.css';
import '@mantine/core/styles.layer.css';
import '@mantine/notifications/styles.layer.css';
import './theme.css';
import { localStorageColorSchemeManager, MantineProvider } from '@mantine/core';
import { ModalsProvider } from '@mantine/modals';
import { Notifications } from '@mantine/notifications';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { RouterProvider } from 'react-router/dom';
import { ApiError } from './api/problem.ts';
import { router } from './router.tsx';
import { cssVariables, theme } from './theme.ts';

const RETRIES_MAX = 2;

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 2000,
      // An answer that says no will say no again; no answer at all may be a restart of the console.
      retry: (failures, error) => failures < RETRIES_MAX && error instanceof ApiError && error.code === 'offline',
    },
  },
});

// public/color-scheme.js reads the same key before the first paint.
const colorSchemes = localStorageColorSchemeManager({ key: 'ringfence-color-scheme' });

// The policy of the server allows only style elements that carry the nonce of the page.
const styleNonce = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? '';
// Where Mantine's dialogs (react-remove-scroll) look for it.
Object.assign(globalThis, { __webpack_nonce__: styleNonce });

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariables}
      colorSchemeManager={colorSchemes}
      defaultColorScheme="auto"
      getStyleNonce={() => styleNonce}
    >
      <QueryClientProvider client={queries}>
        <ModalsProvider>
          <Notifications position="bottom-right" />
          <RouterProvider router={router} />
        </ModalsProvider>
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
);
