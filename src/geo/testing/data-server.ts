/** A real HTTP server on loopback that answers as a test says, and remembers what it was asked. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Answer = (request: IncomingMessage, response: ServerResponse) => void;

export class DataServer {
  /** `METHOD path`, in order. */
  readonly asked: string[] = [];
  readonly headers: IncomingMessage['headers'][] = [];
  readonly origin: string;
  private answers: Record<string, Answer> = {};
  private readonly stop: () => Promise<void>;

  private constructor(origin: string, stop: () => Promise<void>) {
    this.origin = origin;
    this.stop = stop;
  }

  static async start(): Promise<DataServer> {
    const server = createServer((request, response) => {
      const path = request.url ?? '';
      started.asked.push(path);
      started.headers.push(request.headers);
      const answer = started.answers[path] ?? started.answers[path.split('?')[0]];
      if (answer) answer(request, response);
      else response.writeHead(404).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const started = new DataServer(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    });
    return started;
  }

  /** From now on; paths that are not named are 404. */
  serve(answers: Record<string, Answer>): void {
    this.answers = answers;
    this.asked.length = 0;
    this.headers.length = 0;
  }

  close(): Promise<void> {
    return this.stop();
  }
}

/** The body with an ETag of its own, and 304 to who has it. */
export function content(body: string | Uint8Array, etag: string): Answer {
  return (request, response) => {
    if (request.headers['if-none-match'] === etag) response.writeHead(304, { etag }).end();
    else response.writeHead(200, { etag, 'last-modified': 'Tue, 16 Jun 2026 08:00:00 GMT' }).end(body);
  };
}

export const status =
  (code: number): Answer =>
  (_request, response) =>
    void response.writeHead(code).end();
