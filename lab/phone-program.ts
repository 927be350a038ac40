/**
 * Phones in a namespace: reads one order a line from standard input, writes one answer a line. Started by `phones.ts`.
 *
 *   {"id":1,"order":"open","phones":[{…PhoneOptions}, …]}         {"id":1,"value":null}
 *   {"id":2,"order":"register","phone":0,"options":{…}}           {"id":2,"value":{"statuses":[401,200],"stale":false}}
 */
import { createInterface } from 'node:readline';
import { Phone, type PhoneOptions, type RegisterOptions } from './phone.ts';

export type Order =
  | { order: 'open'; phones: PhoneOptions[] }
  | { order: 'register'; phone: number; options?: RegisterOptions }
  /** All phones at the same moment. */
  | { order: 'registerAll'; options?: RegisterOptions }
  | { order: 'call'; phone: number; user: string }
  | { order: 'options'; phone: number }
  | { order: 'keepAlive' };

const phones: Phone[] = [];

async function obey(order: Order): Promise<unknown> {
  switch (order.order) {
    case 'open':
      for (const options of order.phones) {
        const phone = new Phone(options);
        await phone.open();
        phones.push(phone);
      }
      return null;
    case 'register':
      return phones[order.phone].register(order.options);
    case 'registerAll':
      return Promise.all(phones.map((phone) => phone.register(order.options)));
    case 'call':
      return phones[order.phone].call(order.user);
    case 'options':
      return phones[order.phone].options();
    case 'keepAlive':
      for (const phone of phones) phone.keepAlive();
      return null;
  }
}

const input = createInterface({ input: process.stdin });
input.on('line', (line) => {
  const { id, ...order } = JSON.parse(line) as Order & { id: number };
  obey(order as Order).then(
    (value) => console.log(JSON.stringify({ id, value })),
    (error: Error) => console.log(JSON.stringify({ id, error: error.message })),
  );
});
input.on('close', () => {
  for (const phone of phones) phone.close();
});
