/** A file as the body of a request, with the progress of its way: what `fetch` cannot tell. */
import { csrfToken, urlOf, type Answer } from './client.ts';
import { ApiError, errorOf, OFFLINE } from './problem.ts';

export type FileImport = Answer<'/lists/{list}/import', 'post'>;

export interface UploadOptions {
  query: Record<string, string | undefined>;
  /** Share of the file that is on its way, 0 … 1. */
  onProgress?: (share: number) => void;
  signal?: AbortSignal;
}

/** Errors: `ApiError`. */
export function uploadList(
  list: 'allow' | 'deny',
  file: Blob,
  { query, onProgress, signal }: UploadOptions,
): Promise<FileImport> {
  return new Promise((resolve, reject) => {
    const sent = new XMLHttpRequest();
    sent.open('POST', urlOf(`/lists/${list}/import`, query));
    sent.setRequestHeader('Content-Type', 'application/octet-stream');
    const csrf = csrfToken();
    if (csrf !== null) sent.setRequestHeader('X-Ringfence-CSRF', csrf);
    sent.upload.onprogress = ({ loaded, total }) => onProgress?.(total > 0 ? loaded / total : 1);
    sent.onload = () => {
      const { status, statusText, responseText } = sent;
      if (status === 200) resolve(JSON.parse(responseText) as FileImport);
      else errorOf(new Response(responseText, { status, statusText })).then(reject, reject);
    };
    sent.onerror = () => reject(OFFLINE);
    sent.onabort = () =>
      reject(new ApiError({ status: 0, code: 'given-up', detail: 'The import was given up.', hint: null }));
    signal?.addEventListener('abort', () => sent.abort());
    sent.send(file);
  });
}
