/** Certificates for servers of tests: an authority of its own, and a server's certificate that it vouches for. */
import { generate } from 'selfsigned';

export interface TestCertificate {
  key: string;
  cert: string;
  /** PEM of the authority. */
  authority: string;
}

const OPTIONS = {
  notBeforeDate: new Date(Date.now() - 86_400_000),
  notAfterDate: new Date(Date.now() + 86_400_000),
};

export async function certificateFor(name: string): Promise<TestCertificate> {
  const authority = await generate([{ name: 'commonName', value: `Authority of ${name}` }], {
    ...OPTIONS,
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, critical: true },
    ],
  });
  const server = await generate([{ name: 'commonName', value: name }], {
    ...OPTIONS,
    ca: { key: authority.private, cert: authority.cert },
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: name }] }],
  });
  return { key: server.private, cert: server.cert, authority: authority.cert };
}
