/** A mail server in a namespace of the lab, in the clear on 127.0.0.1: takes mail for everybody but `nobody@…`. */
import { SMTPServer } from 'smtp-server';

const server = new SMTPServer({
  disabledCommands: ['STARTTLS', 'AUTH'],
  onRcptTo({ address }, _session, answer) {
    if (!address.startsWith('nobody@')) return answer();
    answer(Object.assign(new Error(`5.1.1 <${address}>: no such user here`), { responseCode: 550 }));
  },
  onData(stream, _session, answer) {
    let mail = '';
    stream.setEncoding('utf8').on('data', (text: string) => (mail += text));
    stream.on('end', () => {
      console.log(`mail:${JSON.stringify(mail)}`);
      answer(null);
    });
  },
});
server.listen(Number(process.argv[2]), '127.0.0.1', () => console.log('listening'));
