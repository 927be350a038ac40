/** Asks the daemon over its socket as any program would: nothing is read into the answer. */
import { Agent, request } from 'node:http';
import { API_PREFIX } from '../api/endpoint.ts';
import { socketPath } from '../socket-path.ts';

export interface HttpAnswer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
  bytes: Buffer;
}

export interface HttpQuestion {
  headers?: Record<string, string>;
  /** A string or bytes go as they are, anything else as JSON. */
  body?: unknown;
}

export class ApiClient {
  private readonly socket: string;
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 1 });

  constructor(dataDirectory: string) {
    this.socket = socketPath(dataDirectory);
  }

  /** `path` below `/api/v1`, percent-encoded. */
  call(method: string, path: string, { headers = {}, body }: HttpQuestion = {}): Promise<HttpAnswer> {
    const raw = typeof body === 'string' || body instanceof Uint8Array;
    const sent = body === undefined ? null : Buffer.from(raw ? body : JSON.stringify(body));
    // Node frames no body of a GET by itself.
    const length = sent && { 'content-length': String(sent.length) };
    const type = sent && !raw && { 'content-type': 'application/json' };
    return new Promise((resolve, reject) => {
      const target = { socketPath: this.socket, agent: this.agent, method, path: API_PREFIX + path };
      const asked = request({ ...target, headers: { ...type, ...length, ...headers } }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const bytes = Buffer.concat(chunks);
          resolve({ status: response.statusCode!, headers: response.headers, text: bytes.toString(), bytes });
        });
      });
      asked.on('error', reject);
      asked.end(sent);
    });
  }

  async json<T = unknown>(method: string, path: string, question?: HttpQuestion): Promise<T> {
    return JSON.parse((await this.call(method, path, question)).text) as T;
  }

  close(): void {
    this.agent.destroy();
  }
}
