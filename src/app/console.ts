/**
 * The console: remembers and talks to people. Forked by the guard (`child_process.fork`, advanced serialization) with the data
 * directory and optionally `--policy FILE` and `--web JSON` (`WebOrders`); it needs no privileges beyond writing there. It lives as long as its guard: when the
 * channel closes it commits what it has received and ends. Signals to the group are the guard's to answer.
 *
 * A service manager starts it apart, with `--channel SOCKET` in their place, and `--guard-data DIR`: there it waits for a guard, which tells it the rest.
 * `--retention JSON` makes days of housekeeping into minutes: bounds of `RETENTION`, and `everyMs` between two looks (`lab/soak`).
 */
import { parseArgs } from 'node:util';
import { parseAddress, type Address } from '../core/base/address.ts';
import { LiveFeed } from '../serve/live/live-feed.ts';
import { mountLive } from '../serve/live/stream.ts';
import { Metrics } from '../serve/metrics/metrics.ts';
import { Identity } from '../identity/identity.ts';
import { mountMetrics, mountProbes } from '../serve/metrics/routes.ts';
import { createOperations } from '../serve/operations.ts';
import { makeReport } from '../serve/reports.ts';
import { socketPath } from '../serve/socket-path.ts';
import { Turns } from '../serve/turns.ts';
import { listenOnSocket, type SocketServer } from '../serve/unix-socket.ts';
import { VERSION } from '../serve/version.ts';
import type { WebOrders } from '../serve/web/settings.ts';
import type { OperationsContext } from '../serve/context.ts';
import type { WebPlugin } from '../serve/web/server.ts';
import { NOWHERE } from '../store/sqlite/incident-table.ts';
import { openStore } from '../store/sqlite/open.ts';
import { RETENTION, type Retention } from '../store/sqlite/prune.ts';
import type { ServiceManager } from '../ffi/service-manager.ts';
import type { Store } from '../store/store.ts';
import { BrowserAccess } from './console/browser-access.ts';
import { Committer } from './console/committer.ts';
import { GuardChannel } from './console/guard-channel.ts';
import { forkedLine, separateLine } from './console/guard-line.ts';
import { Guessing } from './console/guessing.ts';
import { ListSources } from './console/list-sources.ts';
import { Housekeeping } from './console/housekeeping.ts';
import { NightlyBackup } from './console/nightly-backup.ts';
import { Notifications } from './console/notifications.ts';
import { noteEvents } from './console/note-events.ts';
import { ReportsAhead } from './console/reports-ahead.ts';
import { Outputs } from './console/outputs.ts';
import { adoptPolicyFile } from './console/policy-file.ts';
import { complain } from './daemon-output.ts';
import { readHostAddresses } from './host-addresses.ts';
import { lastGoodOrders } from './last-good.ts';
import type { ConsoleNotice, ToConsole, ToGuard } from '../channel/protocol.ts';

const EXIT_CANNOT_START = 1;
const EXIT_NOT_FORKED = 70;
/** What was being answered has gone out by then. */
const ANSWERED_MS = 200;
/** Far below the unit's WatchdogSec. */
const ALIVE_MS = 5_000;
/** A damaged database, or one of an earlier schema, is written anew as it is opened, and nothing else runs meanwhile: 10 s for 236 MB on a busy machine. */
const OPENING_MS = 30 * 60_000;
const now = Date.now;

const STRING = { type: 'string' } as const;

const [dataDirectory, ...own] = process.argv.slice(2);
const {
  channel,
  'guard-data': guardData = dataDirectory,
  retention,
  ...forked
} = parseArgs({
  args: own,
  options: { policy: STRING, web: STRING, channel: STRING, 'guard-data': STRING, retention: STRING },
}).values;
const fork = forkedLine();
if (fork) for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => {});
if (fork === null && channel === undefined) {
  process.stderr.write('The console is started by the guard: ringfence run\n');
  process.exit(EXIT_NOT_FORKED);
}
const manager = fork === null ? await serviceManager() : null;
const { line, args } = fork ? { line: fork, args: null } : await separateLine(channel!);
const orders = args ? parseArgs({ args: [...args], options: { policy: STRING, web: STRING } }).values : forked;
const policyFile = orders.policy ?? null;
const browsers = new BrowserAccess(JSON.parse(orders.web ?? 'null') as WebOrders, fork === null);
const send = (message: ToGuard, sent?: () => void) => line.send(message, sent);

/** The store is there before the country data are. */
let places: ListSources | null = null;
const locate = (address: Address) => places?.geo.lookup(address) ?? NOWHERE;

const { everyMs, ...bounds } = JSON.parse(retention ?? '{}') as Partial<Retention> & { everyMs?: number };

try {
  const fallback = () => lastGoodOrders(guardData);
  manager?.patience(OPENING_MS);
  const store = openStore(dataDirectory, { now: now(), fallback, locate, retention: { ...RETENTION, ...bounds } });
  manager?.patience(null);
  await start(store);
} catch (error) {
  const { code = 'console-failed', message, hint = null } = error as Error & { code?: string; hint?: string | null };
  send({ kind: 'failed', code, text: message, hint }, () => process.exit(EXIT_CANNOT_START));
}

/** From the first moment: waiting for a guard is no hanging. */
async function serviceManager(): Promise<ServiceManager | null> {
  if (process.env.NOTIFY_SOCKET === undefined) return null;
  const { ServiceManager } = await import('../ffi/service-manager.ts');
  const manager = new ServiceManager();
  setInterval(() => manager.alive(), ALIVE_MS).unref();
  return manager;
}

async function start(store: Store): Promise<void> {
  const guard = new GuardChannel(send);
  const problem = policyFile === null ? null : adoptPolicyFile(store, policyFile, now());
  const { ranges: _, ...orders } = store.orders(now());
  const lists = new ListSources({ store, guard, dataDirectory, policy: orders.policy, now });
  const { geo, feeds, hostNames, ranges } = (places = lists);
  const place = (text: string) => locate(parseAddress(text)!);
  const outputs = new Outputs({ dataDirectory, place, report: noteEvents(store, now) });
  outputs.use(orders.policy);
  const guessing = new Guessing(store, now);
  const identity = new Identity({ store: store.identity, now, onGuessing: (address) => guessing.note(address) });
  const notify = new Notifications({
    ...{ store, dataDirectory, policy: orders.policy },
    makeReport: (day, zone) => makeReport(context)(day, zone),
  });
  const context: OperationsContext = {
    ...{ store, guard, now, geo, feeds, hostNames, ranges, identity, notify },
    onPolicy: (policy) => outputs.use(policy),
    ...(browsers.link ? { web: browsers.link } : {}),
    turns: new Turns(),
    dataDirectory,
    host: readHostAddresses,
    version: VERSION,
    policyFile: policyFile === null ? null : { path: policyFile, problem },
    startAgain: () => {
      send({ kind: 'leaves' });
      setTimeout(() => void end(socket), ANSWERED_MS);
    },
    intake: () => ({ trouble: committer.trouble, waiting: committer.queue.length, lost: committer.queue.dropped }),
  };
  const operations = createOperations(context);
  const live = new LiveFeed({ store, status: operations.status, now });
  const metrics = new Metrics({ context, status: operations.status, liveClients: () => live.size });
  const committer = new Committer({
    apply: (reports) => store.applyReports(reports, now()),
    acknowledge: (seq) => send({ kind: 'ack', seq }),
    committed: (reports) => {
      live.committed(reports);
      metrics.committed(reports);
      notify.committed(reports);
      outputs.committed(reports);
    },
    now,
    onTrouble: (trouble) => {
      complain(`store: ${trouble ? `${trouble.code}: ${trouble.text}` : 'works again'}`);
      notify.storeTrouble(trouble);
    },
  });
  const plugins: WebPlugin[] = [
    (app, door) => mountLive(app, live, door),
    (app, door) => mountMetrics(app, metrics, door),
    (app) => mountProbes(app, context),
  ];
  const socket = await listenOnSocket(operations, live, socketPath(dataDirectory));
  const housekeeping = new Housekeeping(store, now, everyMs);
  const reportsAhead = new ReportsAhead(operations);
  const nightly = new NightlyBackup(context, noteEvents(store, now));

  let ending = false;
  const end = async (server: SocketServer) => {
    if (ending) return;
    ending = true;
    housekeeping.stop();
    reportsAhead.stop();
    nightly.stop();
    guard.close();
    await lists.close();
    committer.commit();
    committer.stop();
    await Promise.all([server.close(), browsers.close(), notify.close(), outputs.close()]);
    store.close();
    process.exit(0);
  };
  // Started apart it is stopped apart; a forked one leaves signals to its guard.
  if (fork === null) for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void end(socket));
  const heard = (message: ToConsole) => {
    if (message.kind === 'answer') guard.answer(message);
    else if (message.kind === 'stop') void end(socket);
    else {
      committer.receive(message.seq, message.report);
      if (message.report.type !== 'health') return;
      guard.health = message.report.health;
      browsers.heardGuard();
      live.health(message.report.health);
    }
  };
  line.listen(heard, () => void end(socket));
  if (!line.connected) return end(socket);
  const notices: ConsoleNotice[] = problem
    ? [{ at: now(), level: 'error', code: problem.code, text: problem.text }]
    : [];
  send({ kind: 'ready', orders: { ...orders, ranges: lists.begin() }, notices });
  void browsers.open({ identity, operations, dataDirectory, now, plugins });
}
