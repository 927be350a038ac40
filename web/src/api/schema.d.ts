/** Made from the contract by `npm run web:types`; not for editing. */
export interface paths {
  '/status': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Whether it protects, what, since when, and what is wrong. */
    get: operations['getStatus'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/health': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Guard and console in detail: rates, losses, tables, lists in the kernel, memory. */
    get: operations['getHealth'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/about': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Versions, licence, and whose data are used. */
    get: operations['getAbout'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/statistics': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Attacks and drops of a period by kind, compared with the one before, and the top of each dimension.
     * @description Whole hours count (days, where it is longer ago than eight of them). Nothing said: the last 24 hours.
     */
    get: operations['getStatistics'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/reports/{day}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * The figures of a day, compared with the day and the week before.
     * @description Counted now, which takes a second for 30,000 attacks; with `kept` at once, as they were counted last.
     */
    get: operations['getReport'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/reports/{day}/html': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** The same as one page with its charts, as it is sent by mail. */
    get: operations['getReportHtml'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/reports/{day}/text': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** The same as plain text. */
    get: operations['getReportText'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/reports/{day}/csv': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * The same as one table.
     * @description A row for each figure, its section in the first column.
     */
    get: operations['getReportCsv'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/reports/{day}/chart': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** One chart of it. */
    get: operations['getReportChart'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/attacks': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** The attack log, the one with the latest message first. */
    get: operations['listAttacks'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/attacks.csv': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * The attack log, the one with the latest message first: as CSV.
     * @description Columns: `id`, `first`, `last`, `closed`, `kind`, `source`, `sourcePort`, `country`, `asn`, `network`, `victim`, `victimPort`, `transport`, `messages`, `dropped`, `usersTotal`, `users`, `files`, `userAgent`, `action`, `reason`, `finding`. Times are ISO 8601 in UTC. Cells that a spreadsheet would run begin with an apostrophe.
     */
    get: operations['listAttacksCsv'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/attacks/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** One attack with its evidence. */
    get: operations['getAttack'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/attacks/{id}/pcap': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** The evidence of one attack as a capture file, for Wireshark. */
    get: operations['getAttackPcap'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/views': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** The saved views of the person who asks, by name. */
    get: operations['listViews'];
    /** Save a view, or change the one of that name. */
    put: operations['saveView'];
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/views/{name}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post?: never;
    /** Remove a saved view. */
    delete: operations['removeView'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/blocks': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Who is blocked now, the newest first. */
    get: operations['listBlocks'];
    put?: never;
    /** Block an address now, for a time or for ever. */
    post: operations['addBlock'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/blocks.csv': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Who is blocked now, the newest first: as CSV.
     * @description Columns: `address`, `since`, `until`, `reason`, `origin`, `dropped`, `attack`, `scope`, `target`. Times are ISO 8601 in UTC. Cells that a spreadsheet would run begin with an apostrophe.
     */
    get: operations['listBlocksCsv'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/blocks/extend': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Give a block a new end, from now on. */
    post: operations['extendBlock'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/blocks/promote': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Put a blocked address or network on one of the lists; its block goes. */
    post: operations['promoteBlock'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/blocks/{address}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post?: never;
    /** Lift the block of a phone, an address (with its phones) or a network. */
    delete: operations['removeBlock'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/explain/{address}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Why an address, or one phone behind it (`203.0.113.9:5062`), is blocked or not. Any address, seen or not. */
    get: operations['explainAddress'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/lists/{list}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Entries of a list, in the order in which they were added.
     * @description The first page of the denylist ends with the blocks that became permanent by themselves.
     */
    get: operations['listEntries'];
    put?: never;
    /**
     * Put an address, CIDR or range on a list; on the allowlist also a host name.
     * @description What would shut out an administrator or a registered phone wants `yes`: 409 `needs-confirmation`.
     */
    post: operations['addListEntry'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/lists/{list}.csv': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Entries of a list, in the order in which they were added: as CSV.
     * @description Columns: `address`, `comment`, `until`, `addedBy`, `addedAt`. Times are ISO 8601 in UTC. Cells that a spreadsheet would run begin with an apostrophe.
     */
    get: operations['listEntriesCsv'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/lists/{list}/{range}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post?: never;
    /** Take an entry off a list. */
    delete: operations['removeListEntry'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/lists/{list}/import': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Put the entries of a file on a list: all of them, or none.
     * @description The body is the file, up to 64 MB: CSV, one address a line, or what `ipset save`, `nft list` and `fail2ban-client` print. A file with errors changes nothing (`stopped`) unless `skipBad`. What would shut somebody out wants `yes`: 409 `needs-confirmation`.
     */
    post: operations['importFile'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/lists/{list}/imports': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Begin an import; one at a time. */
    post: operations['beginImport'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/imports/{id}/entries': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Give an import more entries; nothing counts before its end. */
    post: operations['addImportEntries'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/imports/{id}/end': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Bring an import into force, or with `dryRun` say what that would do. */
    post: operations['endImport'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/imports/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post?: never;
    /** Give an import up: the list is as it was. */
    delete: operations['abortImport'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/feeds': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Feeds and the host names of the allowlist: what they hold and where they stand. */
    get: operations['listFeeds'];
    put?: never;
    /** Add a feed, or change the one of this name. */
    post: operations['putFeed'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/feeds.csv': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Feeds and the host names of the allowlist: what they hold and where they stand: as CSV.
     * @description Columns: `name`, `from`, `action`, `state`, `entries`, `ranges`, `hits`, `changedAt`, `confirmedAt`, `problem`. Times are ISO 8601 in UTC. Cells that a spreadsheet would run begin with an apostrophe.
     */
    get: operations['listFeedsCsv'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/feeds/refresh': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Fetch all feeds now. */
    post: operations['refreshFeeds'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/feeds/{name}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** One feed: what it holds, what was left out, what the allowlist overrides. */
    get: operations['getFeed'];
    put?: never;
    post?: never;
    /** Take a feed out. */
    delete: operations['removeFeed'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/feeds/{name}/refresh': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Fetch one feed now. */
    post: operations['refreshFeed'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/geo': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Provider, age and size of the data, the rule in force, the next update, the last problem. */
    get: operations['getGeoStatus'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/geo/countries': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Every country of the data: name, ranges, addresses, blocked or not. */
    get: operations['listCountries'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/geo/countries.csv': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Every country of the data: name, ranges, addresses, blocked or not: as CSV.
     * @description Columns: `code`, `name`, `blocked`, `rangesV4`, `addressesV4`, `rangesV6`, `networksV6`. Times are ISO 8601 in UTC. Cells that a spreadsheet would run begin with an apostrophe.
     */
    get: operations['listCountriesCsv'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/geo/lookup': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Country and network of addresses, and whether the rule blocks them. */
    post: operations['lookupAddresses'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/geo/update': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Look for new country data now; data that lose too much are refused. */
    post: operations['updateGeo'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/geo/preview': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** What another rule would have blocked over the last days; changes nothing. */
    post: operations['previewCountries'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/policy': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** The policy in force. */
    get: operations['getPolicy'];
    /** Replace the policy by a text, at once; a text with errors changes nothing. */
    put: operations['applyPolicy'];
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/policy/value': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** One value. */
    get: operations['getPolicyValue'];
    /** Change one value, at once; a bad value changes nothing. */
    put: operations['setPolicyValue'];
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/policy/edit': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Change several values as one version: all of them or none. With `dryRun` only say what would be. */
    post: operations['editPolicy'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/policy/import': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Take over the settings of a `sipprot.conf`, as one version. With `dryRun` only say what would be. */
    post: operations['importPolicy'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/policy/diff': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** What two versions, or a version and a text, say differently. */
    post: operations['diffPolicy'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/policy/try': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Who would have been blocked under another policy, newly or no longer; changes nothing.
     * @description Takes seconds when there are many attacks; one at a time (409 `trial-busy`).
     */
    post: operations['tryPolicy'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/policy/fields': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Every section and field of the policy: what it means, its unit, range and default. */
    get: operations['listPolicyFields'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/policy/fields.csv': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Every section and field of the policy: what it means, its unit, range and default: as CSV.
     * @description Columns: `path`, `kind`, `unit`, `min`, `max`, `default`, `description`. Times are ISO 8601 in UTC. Cells that a spreadsheet would run begin with an apostrophe.
     */
    get: operations['listPolicyFieldsCsv'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/policy/versions': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** The versions, the newest first. */
    get: operations['listPolicyVersions'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/policy/versions.csv': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * The versions, the newest first: as CSV.
     * @description Columns: `version`, `at`, `by`, `comment`, `current`. Times are ISO 8601 in UTC. Cells that a spreadsheet would run begin with an apostrophe.
     */
    get: operations['listPolicyVersionsCsv'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/policy/versions/{version}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** An earlier version; 0 is the built-in default. */
    get: operations['getPolicyVersion'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/policy/rollback': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Make an earlier version the policy again. */
    post: operations['rollbackPolicy'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/notify/channels': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Every channel: last delivery, what waits, last error. */
    get: operations['listNotifyChannels'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/notify/channels.csv': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Every channel: last delivery, what waits, last error: as CSV.
     * @description Columns: `name`, `kind`, `destination`, `state`, `waiting`, `held`, `deliveredAt`, `problem`. Times are ISO 8601 in UTC. Cells that a spreadsheet would run begin with an apostrophe.
     */
    get: operations['listNotifyChannelsCsv'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/notify/deliveries': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** The outbox: what waits and what became of the rest, the latest first. */
    get: operations['listNotifyDeliveries'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/notify/deliveries.csv': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * The outbox: what waits and what became of the rest, the latest first: as CSV.
     * @description Columns: `at`, `notice`, `channel`, `recipient`, `state`, `tries`, `triedAt`, `reason`, `answer`, `messageId`. Times are ISO 8601 in UTC. Cells that a spreadsheet would run begin with an apostrophe.
     */
    get: operations['listNotifyDeliveriesCsv'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/notify/channels/{name}/test': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Send a test message now, past caps and quiet hours, and answer what the other side says. */
    post: operations['testNotifyChannel'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/notify/channels/{name}/secret': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    /** Set the password or key of a channel, for the server that it names now. No answer ever holds it. */
    put: operations['setNotifySecret'];
    post?: never;
    /** Forget the password or key of a channel. */
    delete: operations['removeNotifySecret'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/audit': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Changes that people made, the latest first. */
    get: operations['listAudit'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/audit.csv': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Changes that people made, the latest first: as CSV.
     * @description Columns: `at`, `who`, `origin`, `what`, `subject`, `before`, `after`, `comment`. Times are ISO 8601 in UTC. Cells that a spreadsheet would run begin with an apostrophe.
     */
    get: operations['listAuditCsv'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/events': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Events of the daemon, the latest first. */
    get: operations['listEvents'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/events.csv': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Events of the daemon, the latest first: as CSV.
     * @description Columns: `at`, `level`, `code`, `text`. Times are ISO 8601 in UTC. Cells that a spreadsheet would run begin with an apostrophe.
     */
    get: operations['listEventsCsv'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/backups': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** The backups in the data directory, the newest first. */
    get: operations['listBackups'];
    put?: never;
    /** Make a backup. */
    post: operations['makeBackup'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/backups/{name}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post?: never;
    /** Remove a backup. */
    delete: operations['removeBackup'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/backups/{name}/restore': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Put a backup in the place of what is remembered.
     * @description What was remembered is set aside in the data directory. Nobody is signed in afterwards. Blocks of the backup that have not ended are in force again; those that stand stay. The console needs a second to open it; protection goes on meanwhile.
     */
    post: operations['restoreBackup'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/live': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Incidents, blocks, rates and the status as server-sent events.
     * @description For `EventSource`. An event is sent when the attack log and the list of blocks have it.
     *
     *     - `status`: at the start, within a second when something of it changed, and every five seconds.
     *     - `rates`: every second.
     *     - `incident`: a new or changed attack; changes of one become one, 20 a second at most.
     *     - `block`, `unblock`: a block came (or got another end) or went.
     *     - `gap`: changes were missed; ask the lists anew.
     *
     *     A client that comes back with `Last-Event-ID` hears what it missed, up to 500 changes; some may be told twice.
     */
    get: operations['live'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/session': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Who is signed in in this browser. 401: nobody. */
    get: operations['getSession'];
    put?: never;
    /**
     * Sign in with name and password.
     * @description The answer is the same for a wrong name and a wrong password. 429 says in `Retry-After` when to try again.
     */
    post: operations['signIn'];
    /** Sign out. */
    delete: operations['signOut'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/session/second-factor': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** The code of the authenticator, or a recovery code. */
    post: operations['signInWithCode'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/setup': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Whether there is no account yet. */
    get: operations['getSetup'];
    put?: never;
    /** Choose the password of the account that a one-time link is for, and sign in. */
    post: operations['useLink'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/setup/link': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** What a one-time link is good for. */
    post: operations['checkLink'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/account/password': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    /** Change the password. All other sessions end, this one gets a new cookie and CSRF token. */
    put: operations['changePassword'];
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/account/second-factor': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** A new secret for the authenticator. Nothing changes before its first code has come. */
    post: operations['beginSecondFactor'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/account/second-factor/confirm': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** The first code: from now on one is asked for at sign-in. */
    post: operations['confirmSecondFactor'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/account/second-factor/remove': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** No code any more at sign-in. */
    post: operations['removeSecondFactor'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/account/recovery-codes': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** New recovery codes; the old ones are good no more. */
    post: operations['renewRecoveryCodes'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/account/sessions': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Where this account is signed in. */
    get: operations['listSessions'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/account/sessions/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post?: never;
    /** End one of them. */
    delete: operations['revokeSession'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/users': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** All accounts, by name. */
    get: operations['listUsers'];
    put?: never;
    /** A new account; the answer is the link by which its owner chooses the password. */
    post: operations['addUser'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/users.csv': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * All accounts, by name: as CSV.
     * @description Columns: `name`, `role`, `disabled`, `secondFactor`, `createdAt`, `signedInAt`. Times are ISO 8601 in UTC. Cells that a spreadsheet would run begin with an apostrophe.
     */
    get: operations['listUsersCsv'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/users/{name}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post?: never;
    /** Remove an account with its sessions and tokens. Refused for the last administrator. */
    delete: operations['removeUser'];
    options?: never;
    head?: never;
    /**
     * Change the role, disable or enable. Its sessions end.
     * @description Refused for the last administrator who can sign in (`last-administrator`).
     */
    patch: operations['changeUser'];
    trace?: never;
  };
  '/users/{name}/link': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** A one-time link for a forgotten password. Until it is used the old password is good. */
    post: operations['resetUser'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/setup/first-link': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** A new link for the first account; null when there are accounts. */
    post: operations['makeFirstLink'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/tokens': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** All tokens, the oldest first. */
    get: operations['listTokens'];
    put?: never;
    /** A new token. Its secret is told this once. */
    post: operations['addToken'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/tokens.csv': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * All tokens, the oldest first: as CSV.
     * @description Columns: `id`, `name`, `owner`, `scopes`, `createdAt`, `until`, `usedAt`. Times are ISO 8601 in UTC. Cells that a spreadsheet would run begin with an apostrophe.
     */
    get: operations['listTokensCsv'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/tokens/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post?: never;
    /** Remove a token: it is good no more at once. */
    delete: operations['removeToken'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
}
export type webhooks = Record<string, never>;
export interface components {
  schemas: {
    Status: {
      /** @description Attackers are blocked: the guard works, the kernel table is whole, the policy says protect. */
      protecting: boolean;
      /**
       * @description `monitoring`: the policy says so. `degraded`: it protects, but something is wrong. `down`: nothing is protected.
       * @enum {string}
       */
      state: 'protecting' | 'monitoring' | 'degraded' | 'down';
      problems: components['schemas']['Trouble'][];
      /** @description Null: the guard has not reported, as with all nulls here. */
      mode: ('protect' | 'monitor') | null;
      /** @description Milliseconds since the epoch; null: not known. */
      since: number | null;
      protects: components['schemas']['Protects'] | null;
      /** @description Incidents with a message since local midnight of the daemon. */
      attacksToday: number;
      /** @description Of them those that go on now. */
      attacksOpen: number;
      blocked: {
        now: number;
        permanent: number;
      };
      /** @description Packets that the kernel could not deliver to the detectors. */
      lost: number;
      capture: components['schemas']['CaptureHealth'] | null;
      sip: components['schemas']['SipHealth'] | null;
      kernel: components['schemas']['KernelHealth'] | null;
      wayIn: components['schemas']['WayInHealth'] | null;
      store: {
        ok: boolean;
        /** @description Reports that are not on disk yet. */
        waiting: number;
        /** @description Reports that were given up. */
        lost: number;
      };
      policy: {
        /** @description 0: the built-in default. */
        version: number;
        /** @description Milliseconds since the epoch. */
        at: number;
        by: string;
        /** @description The policy file that wins at every start; null: there is none. */
        file: string | null;
      };
      /** @description Of the guard. */
      memoryBytes: number | null;
      /** @description Of the guard, since its start. */
      cpuSeconds: number | null;
      dataDirectory: string;
      version: string;
      lastEvents: components['schemas']['Event'][];
    };
    Trouble: {
      /** @description Stable, e.g. `store-disk-full`. */
      code: string;
      text: string;
      /** @description What you can do about it. */
      hint: string | null;
    };
    Protects: {
      addresses: string[];
      /** @description Ports and ranges. */
      sipUdp: string;
      /** @description Ports and ranges. */
      sipTcp: string;
      /** @description Ports and ranges. */
      tftp: string;
    };
    CaptureHealth: {
      /** @description Since the start, as all counts here. */
      frames: number;
      bytes: number;
      /** @description Packets that the kernel could not deliver to the detectors. */
      lost: number;
      framesPerSecond: number;
      /** @description Packets that the kernel gathers before it delivers them. */
      queueThreshold: number;
    };
    SipHealth: {
      messages: number;
      requests: number;
      responses: number;
      anomalies: number;
    };
    KernelHealth: {
      /** @description The table `inet ringfence` is whole. */
      ok: boolean;
      repairs: number;
      lastRepair: string | null;
      /** @description Addresses that the kernel blocks. */
      blocked: number;
    };
    WayInHealth: {
      /** @description Packets that were dropped above the budgets of the way in, by the share that was used up. */
      over: {
        source: number;
        network: number;
        total: number;
        known: number;
        trusted: number;
      };
      /** @description Milliseconds since the epoch; null: no flood goes on. */
      since: number | null;
    };
    Event: {
      /** @description Milliseconds since the epoch. */
      at: number;
      /** @enum {string} */
      level: 'info' | 'warning' | 'error';
      /** @description Stable, e.g. `feed-stale`. */
      code: string;
      text: string;
    };
    /** @description Problem details, RFC 9457. */
    Problem: {
      /** @constant */
      type: 'about:blank';
      /** @description The status in words. */
      title: string;
      status: number;
      /** @description Stable, for programs: `needs-confirmation`, `bad-input`, `store-disk-full` … */
      code: string;
      /** @description What is wrong, for people; one or more lines. May hold text of strangers. */
      detail: string;
      /** @description What can be done about it. */
      hint: string | null;
      /** @enum {string} */
      outcome: 'no' | 'usage' | 'refused' | 'failed' | 'unauthenticated' | 'forbidden' | 'too-many';
    };
    Health: {
      /** @description As it reported last, two seconds ago or so; null: not since the console started. */
      guard: components['schemas']['GuardHealth'] | null;
      console: {
        /** @description Milliseconds since the epoch. */
        startedAt: number;
        memoryBytes: number;
        cpuSeconds: number;
        /** @description Reports on their way to the disk. */
        store: {
          ok: boolean;
          waiting: number;
          lost: number;
        };
      };
    };
    GuardHealth: {
      /** @description Milliseconds since the epoch. */
      at: number;
      /** @description Milliseconds since the epoch. */
      startedAt: number;
      /** @enum {string} */
      mode: 'protect' | 'monitor';
      protects: components['schemas']['Protects'];
      capture: components['schemas']['CaptureHealth'];
      sip: components['schemas']['SipHealth'];
      /** @description Entries of the tables of the detectors; each has a bound. */
      tables: {
        sources: number;
        transactions: number;
        tcpStreams: number;
        incidentsOpen: number;
      };
      wayIn: components['schemas']['WayInHealth'];
      kernel: components['schemas']['KernelHealth'];
      /** @description Packets that blocks have dropped since the start. */
      dropped: number;
      lists: {
        allow: components['schemas']['ListHealth'];
        deny: components['schemas']['ListHealth'];
        country: components['schemas']['ListHealth'];
        feeds: {
          name: string;
          /** @description In the kernel. */
          ranges: number;
          /** @description Milliseconds since the epoch; null: not since the start. */
          loadedAt: number | null;
          /** @description Share that has reached the kernel, 0 to 1, while it is loaded; null: it is not. */
          loading: number | null;
          /** @description From its addresses: dropped, or of a watched feed counted. */
          packets: number;
        }[];
      };
      /** @description Reports for the console: not acknowledged yet, and given up while it was away. */
      backlog: {
        waiting: number;
        dropped: number;
      };
      memoryBytes: number;
      cpuSeconds: number;
    };
    ListHealth: {
      /** @description In the kernel. */
      ranges: number;
      /** @description Milliseconds since the epoch; null: not since the start. */
      loadedAt: number | null;
      /** @description Share that has reached the kernel, 0 to 1, while it is loaded; null: it is not. */
      loading: number | null;
      /** @description From its addresses: dropped, or of a watched feed counted. */
      packets: number;
    };
    About: {
      version: string;
      licence: string;
      /** @description Version of Node.js. */
      node: string;
      /** @description What the licences of the country and network data ask to be said; may be empty. */
      attribution: string;
    };
    Statistics: {
      /** @description Milliseconds since the epoch. */
      from: number;
      /** @description Milliseconds since the epoch. */
      to: number;
      /** @description Milliseconds from one point of the series to the next. */
      stepMs: number;
      /** @description In the order of time; a kind is left out of a step in which nothing of it happened. */
      series: {
        /** @description The begin of the step, milliseconds since the epoch. */
        at: number;
        /**
         * @description `other`: dropped because of a block by hand, or of one whose reason is not known.
         * @enum {string}
         */
        kind:
          | 'register-bruteforce'
          | 'auth-bruteforce'
          | 'enumeration'
          | 'scanner-agent'
          | 'scanner-fingerprint'
          | 'invite-limit'
          | 'flood'
          | 'malformed'
          | 'tftp-bruteforce'
          | 'toll-fraud'
          | 'forged-request'
          | 'digest-leak'
          | 'injection'
          | 'slow-bruteforce'
          | 'distributed-bruteforce'
          | 'other';
        /** @description Attacks that began. */
        attacks: number;
        /** @description Messages that the detectors counted. */
        messages: number;
        /** @description Packets that the kernel dropped because of a block. */
        dropped: number;
      }[];
      totals: {
        /** @description Attacks that began. */
        attacks: number;
        /** @description Messages that the detectors counted. */
        messages: number;
        /** @description Packets that the kernel dropped because of a block. */
        dropped: number;
      };
      /** @description Of the period of the same length before. */
      before: {
        /** @description Attacks that began. */
        attacks: number;
        /** @description Messages that the detectors counted. */
        messages: number;
        /** @description Packets that the kernel dropped because of a block. */
        dropped: number;
      };
      /** @description The most first. Exact unless a flood brings more keys than an hour keeps; then what is told of a key is the least. */
      top: {
        sources: {
          /** @description IPv4 or IPv6 address in its canonical text. */
          key: string;
          /** @description Attacks that began. */
          attacks: number;
          /** @description Messages that the detectors counted. */
          messages: number;
          /** @description Packets that the kernel dropped because of a block. */
          dropped: number;
        }[];
        victims: {
          /** @description IPv4 or IPv6 address in its canonical text. */
          key: string;
          /** @description Attacks that began. */
          attacks: number;
          /** @description Messages that the detectors counted. */
          messages: number;
          /** @description Packets that the kernel dropped because of a block. */
          dropped: number;
        }[];
        /** @description All of them. */
        countries: {
          /** @description ISO 3166-1 alpha-2. */
          key: string;
          /** @description Attacks that began. */
          attacks: number;
          /** @description Messages that the detectors counted. */
          messages: number;
          /** @description Packets that the kernel dropped because of a block. */
          dropped: number;
        }[];
        networks: {
          asn: number;
          /** @description Its name; null: not known. */
          network: string | null;
          /** @description Attacks that began. */
          attacks: number;
          /** @description Messages that the detectors counted. */
          messages: number;
          /** @description Packets that the kernel dropped because of a block. */
          dropped: number;
        }[];
        userAgents: {
          /** @description A user agent. Chosen by a stranger: show it as text. */
          key: string;
          /** @description Attacks that began. */
          attacks: number;
          /** @description Messages that the detectors counted. */
          messages: number;
          /** @description Packets that the kernel dropped because of a block. */
          dropped: number;
        }[];
        users: {
          /** @description A user tried. Chosen by a stranger: show it as text. */
          key: string;
          /** @description Attacks that began. */
          attacks: number;
          /** @description Messages that the detectors counted. */
          messages: number;
          /** @description Packets that the kernel dropped because of a block. */
          dropped: number;
        }[];
      };
    };
    ReportPage: {
      /** @constant */
      format: 'ringfence-daily-report-1';
      /** @description `2026-11-21`. */
      day: string;
      /** @description IANA name. */
      zone: string;
      host: string;
      /** @description First instant of the day there, milliseconds since the epoch. */
      from: number;
      /** @description First instant of the next day. */
      to: number;
      /** @description Milliseconds since the epoch. */
      madeAt: number;
      /** @description False: the day was not over. */
      complete: boolean;
      /**
       * @description Dropped packets are kept by the hour of UTC, after eight days by the day of UTC; each counts where its middle lies.
       * @enum {string}
       */
      droppedBy: 'hours' | 'days';
      totals: {
        /** @description Attacks that began. */
        attacks: number;
        /** @description Messages that the detectors counted of them. */
        messages: number;
        /** @description Packets that the kernel dropped because of a block. */
        dropped: number;
        /** @description Distinct attacking addresses. */
        sources: number;
        actions: {
          [key: string]: number;
        };
      };
      dayBefore: {
        /** @description Attacks that began. */
        attacks: number;
        /** @description Messages that the detectors counted of them. */
        messages: number;
        /** @description Packets that the kernel dropped because of a block. */
        dropped: number;
      };
      weekBefore: {
        /** @description A day’s share, one digit behind the point. */
        attacks: number;
        /** @description A day’s share, one digit behind the point. */
        messages: number;
        /** @description A day’s share, one digit behind the point. */
        dropped: number;
      };
      kinds: {
        /** @enum {string} */
        kind:
          | 'register-bruteforce'
          | 'auth-bruteforce'
          | 'enumeration'
          | 'scanner-agent'
          | 'scanner-fingerprint'
          | 'invite-limit'
          | 'flood'
          | 'malformed'
          | 'tftp-bruteforce'
          | 'toll-fraud'
          | 'forged-request'
          | 'digest-leak'
          | 'injection'
          | 'slow-bruteforce'
          | 'distributed-bruteforce'
          | 'other';
        /** @description Attacks that began. */
        attacks: number;
        /** @description Messages that the detectors counted of them. */
        messages: number;
        /** @description Packets that the kernel dropped because of a block. */
        dropped: number;
        dayBefore: number;
        /** @description A day’s share, one digit behind the point. */
        weekBefore: number;
      }[];
      /** @description The hours of the clock there: 23, 24 or 25, with half ones on Lord Howe Island. */
      hours: {
        /** @description Milliseconds since the epoch. */
        from: number;
        /** @description Milliseconds since the epoch. */
        to: number;
        /** @description `02:00`, `02:00 +01:00` where it comes twice. */
        label: string;
        attacks: number;
        /** @description Null: whole days are kept of that time. */
        dropped: number | null;
      }[];
      countries: {
        /** @description The most attacks first, ten at most. */
        rows: {
          /** @description ISO 3166-1 alpha-2; null: not known. */
          country: string | null;
          name: string;
          /** @description Attacks that began. */
          attacks: number;
          /** @description Messages that the detectors counted of them. */
          messages: number;
          /** @description Packets that the kernel dropped because of a block. */
          dropped: number;
        }[];
        total: number;
        /** @description There were more than are counted. */
        atLeast: boolean;
      };
      networks: {
        /** @description The most attacks first, ten at most. */
        rows: {
          asn: number;
          /** @description Name of the network; null: not known. */
          network: string | null;
          /** @description Attacks that began. */
          attacks: number;
          /** @description Messages that the detectors counted of them. */
          messages: number;
          /** @description Packets that the kernel dropped because of a block. */
          dropped: number;
        }[];
        total: number;
        /** @description There were more than are counted. */
        atLeast: boolean;
      };
      victims: {
        /** @description The most attacks first, ten at most. */
        rows: {
          /** @description IPv4 or IPv6 address in its canonical text. */
          address: string;
          /** @description Attacks that began. */
          attacks: number;
          /** @description Messages that the detectors counted of them. */
          messages: number;
          /** @description Packets that the kernel dropped because of a block. */
          dropped: number;
        }[];
        total: number;
        /** @description There were more than are counted. */
        atLeast: boolean;
      };
      sources: {
        /** @description The most attacks first, ten at most. */
        rows: {
          /** @description IPv4 or IPv6 address in its canonical text. */
          address: string;
          /** @description ISO 3166-1 alpha-2; null: not known. */
          country: string | null;
          /** @description Name of the network; null: not known. */
          network: string | null;
          /** @description Attacks that began. */
          attacks: number;
          /** @description Messages that the detectors counted of them. */
          messages: number;
          /** @description Packets that the kernel dropped because of a block. */
          dropped: number;
        }[];
        total: number;
        /** @description There were more than are counted. */
        atLeast: boolean;
      };
      users: {
        rows: {
          /** @description A user tried. Chosen by a stranger: show it as text. */
          user: string;
          attacks: number;
        }[];
        total: number;
        atLeast: boolean;
      };
      /** @description Blocks without an end that began on the day and are in force. */
      permanent: {
        rows: {
          address: string;
          /** @description Milliseconds since the epoch. */
          since: number;
          reason: string;
          byHand: boolean;
        }[];
        total: number;
      };
      /** @description Sources that somebody should look at; docs/reports.md has the rules. */
      decisions: {
        rows: {
          /** @enum {string} */
          rule: 'registered-attacker' | 'exempt-attacker' | 'near-permanent' | 'invite-limit';
          /** @description IPv4 or IPv6 address in its canonical text. */
          address: string;
          /** @description ISO 3166-1 alpha-2; null: not known. */
          country: string | null;
          /** @description Name of the network; null: not known. */
          network: string | null;
          attacks: number;
          messages: number;
          /** @description Milliseconds since the epoch. */
          last: number;
          kinds: components['schemas']['AttackKind'][];
          text: string;
          next: {
            what: string;
            command: string | null;
            link: string | null;
          }[];
        }[];
        total: number;
      };
      sensor: {
        starts: number;
        consoleRestarts: number;
        sensorRestarts: number;
        kernelRepairs: number;
        kernelFailures: number;
        /** @description Null: none were reported. */
        packetsLost: number | null;
        warnings: number;
        errors: number;
        events: {
          code: string;
          /** @enum {string} */
          level: 'warning' | 'error';
          count: number;
          /** @description Milliseconds since the epoch. */
          last: number;
          text: string;
        }[];
      };
      /** @description As it was when the report was made. */
      data: {
        countries: {
          provider: string;
          source: string;
          /** @description Milliseconds since the epoch; null: the data do not say. */
          made: number | null;
          problem: string | null;
        } | null;
        feeds: {
          name: string;
          state: string;
          /** @description Milliseconds since the epoch; null: never. */
          confirmedAt: number | null;
          problem: string | null;
        }[];
      };
      /** @description A newer one is being counted: ask again in a moment. */
      renewing: boolean;
    };
    /**
     * @description `watch`: recorded only; `limit`: fewer INVITEs; `block`: for a time; `deny`: for good.
     * @enum {string}
     */
    Action: 'pass' | 'watch' | 'limit' | 'block' | 'deny';
    /**
     * @description The detector that found it.
     * @enum {string}
     */
    AttackKind:
      | 'register-bruteforce'
      | 'auth-bruteforce'
      | 'enumeration'
      | 'scanner-agent'
      | 'scanner-fingerprint'
      | 'invite-limit'
      | 'flood'
      | 'malformed'
      | 'tftp-bruteforce'
      | 'toll-fraud'
      | 'forged-request'
      | 'digest-leak'
      | 'injection'
      | 'slow-bruteforce'
      | 'distributed-bruteforce';
    Incident: {
      id: string;
      /** @description IPv4 or IPv6 address in its canonical text. */
      source: string;
      /** @description Of the first counted message. */
      sourcePort: number;
      /** @description The protected address that was attacked. */
      victim: string;
      victimPort: number;
      /** @enum {string} */
      transport: 'udp' | 'tcp';
      kind: components['schemas']['AttackKind'];
      /** @description First counted message, milliseconds since the epoch. */
      first: number;
      /** @description Last counted message, milliseconds since the epoch. */
      last: number;
      /** @description Messages that the detector counted, before and after the verdict. */
      count: number;
      /** @description Packets that the kernel dropped after the verdict. */
      dropped: number;
      /** @description The first users tried, 20 at most. */
      users: string[];
      /** @description Distinct users tried in all. */
      usersTotal: number;
      /** @description TFTP: the first files asked for, 20 at most. */
      files: string[];
      userAgent: string | null;
      action: components['schemas']['Action'];
      scope: components['schemas']['ActionScope'];
      /** @description `203.0.113.9:5062/udp`, `203.0.113.9` or `2001:db8:0:1::/64`, as `scope` says. */
      target: string;
      /** @description Why the evidence is known to come from the source: it used a nonce that was sent to it, completed a TCP handshake, acknowledged a final answer, or answered a request by the branch that was sent to it. Null: anybody could have written its address. */
      proof: ('nonce' | 'tcp' | 'ack' | 'branch') | null;
      argument: components['schemas']['Argument'];
      /** @description Why this action: `monitor-only`, `register-bruteforce.bad-registrations` … */
      reason: string;
      /** @description What the detector found. */
      finding: string;
      /** @description Milliseconds since the epoch; null: it goes on. */
      closed: number | null;
      /** @description ISO 3166-1 alpha-2; null: not known. */
      country: string | null;
      /** @description Number of the autonomous system; null: not known. */
      asn: number | null;
      /** @description Name of the autonomous system; null: not known. */
      network: string | null;
    };
    /**
     * @description `port`: one phone, its address and port; `address`; `network`: a prefix.
     * @enum {string}
     */
    ActionScope: 'port' | 'address' | 'network';
    Argument: {
      /**
       * @description `registered`: its phone held a registration; `known`: somebody at this address got in before.
       * @enum {string}
       */
      standing: 'unknown' | 'known' | 'registered';
      /** @description Registrations that held behind the address. */
      phones: number;
      /** @description So many of what was counted are known to come from the source. */
      proven: number;
      /** @description Ports of the address that were blocked lately. */
      portsBlocked: number;
      /** @description What the evidence proves. */
      shows: (
        | 'source-proven'
        | 'source-forgeable'
        | 'one-user-steady'
        | 'one-port-of-known'
        | 'many-ports-of-known'
        | 'line'
        | 'network'
        | 'took-part'
        | 'blocked-before'
      )[];
      /** @description What would have changed the verdict. */
      unless: {
        /** @enum {string} */
        code: 'proven' | 'registered' | 'more-ports' | 'guessing' | 'more-blocks' | 'allowlisted';
        number: number | null;
      }[];
    };
    Attack: {
      incident: components['schemas']['Incident'];
      /** @description The first messages, in the order of time. */
      evidence: components['schemas']['Evidence'][];
      /** @description Of the source, in force now; null: none is. */
      block: components['schemas']['Block'] | null;
      /** @description In the order of time. */
      verdicts: components['schemas']['Verdict'][];
      /** @description The argument in words: what was seen, what it proves, what would have changed it. Null: the verdict is not on record any more. */
      told: {
        seen: string;
        shows: string;
        unless: string;
      } | null;
      /** @description The evidence, decoded, in the order of time. */
      messages: components['schemas']['AttackMessage'][];
      /** @description Other attacks of the same source, the latest first, 20 at most. */
      earlier: components['schemas']['Incident'][];
    };
    Evidence: {
      /** @description Milliseconds since the epoch. */
      at: number;
      /**
       * @description `in`: from the source to the victim; `out`: the victim’s answer.
       * @enum {string}
       */
      side: 'in' | 'out';
      /** @enum {string} */
      transport: 'udp' | 'tcp';
      /** @description IPv4 or IPv6 address in its canonical text. */
      from: string;
      fromPort: number;
      /** @description IPv4 or IPv6 address in its canonical text. */
      to: string;
      toPort: number;
      /** @description Bytes of the whole message; more than `base64` holds when it was cut. */
      length: number;
      /** @description The SIP or TFTP message. */
      base64: string;
    };
    Block: {
      /** @description One phone `203.0.113.9:5062/udp` (`[2001:db8::1]:5062/udp`), an address, or a network `203.0.113.0/24`. */
      target: string;
      /** @description The address; of a network its prefix. */
      address: string;
      /**
       * @description `port`: one phone behind the address; `address`; `network`: all of a prefix.
       * @enum {string}
       */
      scope: 'port' | 'address' | 'network';
      /** @description Of one phone its source port, otherwise null. */
      port: number | null;
      /** @description Of one phone, otherwise null. */
      transport: ('udp' | 'tcp') | null;
      /** @description Milliseconds since the epoch. */
      since: number;
      /** @description Milliseconds since the epoch; null: permanent. */
      until: number | null;
      /** @description `register-bruteforce.bad-registrations`, or what a person wrote. */
      reason: string;
      /** @description What a detector found; null: a person made it, or it is not known. */
      finding: string | null;
      /** @description Id of the attack that led to it; null: none, or not known. */
      incident: string | null;
      /**
       * @description `automatic`: a verdict; `manual`: a person; `kernel`: found in the kernel at the start.
       * @enum {string}
       */
      origin: 'automatic' | 'manual' | 'kernel';
      /** @description Packets dropped so far, by the kernel’s counter. */
      dropped: number;
    };
    Verdict: {
      /** @description Milliseconds since the epoch. */
      at: number;
      /** @description IPv4 or IPv6 address in its canonical text. */
      source: string;
      sourcePort: number;
      /** @description IPv4 or IPv6 address in its canonical text. */
      victim: string;
      victimPort: number;
      /** @enum {string} */
      transport: 'udp' | 'tcp';
      action: components['schemas']['Action'];
      scope: components['schemas']['ActionScope'];
      /** @description `203.0.113.9:5062/udp`, `203.0.113.9` or `2001:db8:0:1::/64`, as `scope` says. */
      target: string;
      /** @description Why the evidence is known to come from the source: it used a nonce that was sent to it, completed a TCP handshake, acknowledged a final answer, or answered a request by the branch that was sent to it. Null: anybody could have written its address. */
      proof: ('nonce' | 'tcp' | 'ack' | 'branch') | null;
      argument: components['schemas']['Argument'];
      reason: string;
      finding: string;
      kind: components['schemas']['AttackKind'];
      /** @description What was counted, against `threshold`, in `windowMs`. */
      count: number;
      threshold: number;
      windowMs: number;
      /** @description Milliseconds since the epoch; null: permanent, or nothing was blocked. */
      until: number | null;
      /** @description Blocks of this source before this one. */
      blocksBefore: number;
      incident: string;
    };
    AttackMessage: {
      /** @description Milliseconds since the epoch. */
      at: number;
      /**
       * @description `in`: from the source to the victim; `out`: the victim’s answer.
       * @enum {string}
       */
      side: 'in' | 'out';
      /** @enum {string} */
      transport: 'udp' | 'tcp';
      /** @description IPv4 or IPv6 address in its canonical text. */
      from: string;
      fromPort: number;
      /** @description IPv4 or IPv6 address in its canonical text. */
      to: string;
      toPort: number;
      /** @description `REGISTER sip:100@192.0.2.1`, `401 Unauthorized`, `RRQ phone.cfg`. Chosen by a stranger: show it as text. */
      summary: string;
      method: string | null;
      /** @description Of a SIP answer. */
      status: number | null;
      callId: string | null;
      cseq: number | null;
      /** @description The message, lines ended by a line feed; control characters as `\x1b`. Chosen by a stranger: show it as text. */
      text: string;
      /** @description Bytes of the whole message. */
      length: number;
      /** @description `text` is its beginning. */
      truncated: boolean;
    };
    SavedView: {
      name: string;
      /** @description As `GET /attacks` is asked; `last`: a length before now (`24h`). */
      filter: {
        [key: string]: unknown;
      };
      /** @description Milliseconds since the epoch. */
      savedAt: number;
    };
    Promotion: {
      /** @description IPv4 or IPv6 address in its canonical text. */
      address: string;
      to: components['schemas']['ListName'];
      entry: components['schemas']['ListEntry'];
      /** @description False: it was on the list already. */
      added: boolean;
      /** @description A block of it was in force. */
      wasBlocked: boolean;
    };
    /** @enum {string} */
    ListName: 'allow' | 'deny';
    ListEntry: {
      /** @description `192.0.2.1`, `192.0.2.0/24`, `192.0.2.1-192.0.2.9` or the same in IPv6; on the allowlist also a host name. */
      range: string;
      comment: string;
      addedBy: string;
      /** @description Milliseconds since the epoch. */
      addedAt: number;
      /** @description Milliseconds since the epoch; null: no end. */
      until: number | null;
    };
    Explanation: {
      /** @description IPv4 or IPv6 address in its canonical text. */
      address: string;
      /** @description Of the phone that was asked for; null: the address was. */
      port: number | null;
      transport: ('udp' | 'tcp') | null;
      /**
       * @description What happens to its packets now.
       * @enum {string}
       */
      now: 'pass' | 'watch' | 'limit' | 'block' | 'deny' | 'allow';
      /** @description One paragraph for people. */
      because: string;
      reason: string | null;
      /** @description Milliseconds since the epoch; null: no end that is known (permanent, on a feed, of a country, or nothing in force). */
      until: number | null;
      /** @description The narrowest entry of the allowlist that covers it. */
      allow: components['schemas']['ListEntry'] | null;
      /** @description The narrowest entry of the denylist that covers it. */
      deny: components['schemas']['ListEntry'] | null;
      /** @description All entries that cover it, allowlist first, the widest first; host names of the allowlist, too. */
      entries: components['schemas']['CoveringEntry'][];
      /** @description The feeds that list it, overruled or not. */
      feeds: {
        name: string;
        /** @enum {string} */
        action: 'block' | 'watch';
      }[];
      place: components['schemas']['GeoLookup'];
      /** @description One of the guests that this gateway protects. */
      guest: boolean;
      /** @description The block that drops its packets. */
      block: components['schemas']['Block'] | null;
      /** @description Every block in force that covers it, or a phone behind it; the narrowest first. */
      blocks: components['schemas']['Block'][];
      /** @description Registered phones at the address; null: the guard did not answer. */
      trust: components['schemas']['PhoneTrust'] | null;
      /** @description The verdict that led to what is in force, or else the last one. */
      verdict: components['schemas']['Verdict'] | null;
      earlierBlocks: components['schemas']['PastBlock'][];
      /** @description After so many blocks the next one is permanent; 0: never. */
      permanentAfter: number;
      incidents: components['schemas']['Incident'][];
      /** @description What the detectors count now; null: the guard did not answer. */
      engine: components['schemas']['EngineExplanation'] | null;
    };
    CoveringEntry: {
      /** @description `192.0.2.1`, `192.0.2.0/24`, `192.0.2.1-192.0.2.9` or the same in IPv6; on the allowlist also a host name. */
      range: string;
      comment: string;
      addedBy: string;
      /** @description Milliseconds since the epoch. */
      addedAt: number;
      /** @description Milliseconds since the epoch; null: no end. */
      until: number | null;
      list: components['schemas']['ListName'];
    };
    GeoLookup: {
      /** @description IPv4 or IPv6 address in its canonical text. */
      address: string;
      /** @description ISO 3166-1 alpha-2; null: not known. */
      country: string | null;
      /** @description Number of the autonomous system; null: not known. */
      asn: number | null;
      /** @description Name of the autonomous system; null: not known. */
      network: string | null;
      countryName: string | null;
      /**
       * @description `blocked` on the protected ports of the rule’s protocols. `special`: no rule of countries is for it.
       * @enum {string}
       */
      outcome: 'off' | 'special' | 'allowlisted' | 'blocked' | 'passes';
      /** @description One sentence for people. */
      because: string;
    };
    PhoneTrust: {
      phones: {
        port: number;
        /** @enum {string} */
        transport: 'udp' | 'tcp';
        /** @description Milliseconds since the epoch. */
        until: number;
      }[];
      /** @description Milliseconds since the epoch; null: no phone is registered at it, or was in the last day. */
      known: number | null;
    };
    PastBlock: {
      /** @description One phone `203.0.113.9:5062/udp` (`[2001:db8::1]:5062/udp`), an address, or a network `203.0.113.0/24`. */
      target: string;
      /** @description The address; of a network its prefix. */
      address: string;
      /**
       * @description `port`: one phone behind the address; `address`; `network`: all of a prefix.
       * @enum {string}
       */
      scope: 'port' | 'address' | 'network';
      /** @description Of one phone its source port, otherwise null. */
      port: number | null;
      /** @description Of one phone, otherwise null. */
      transport: ('udp' | 'tcp') | null;
      /** @description Milliseconds since the epoch. */
      since: number;
      /** @description Milliseconds since the epoch; null: permanent. */
      until: number | null;
      /** @description `register-bruteforce.bad-registrations`, or what a person wrote. */
      reason: string;
      /** @description What a detector found; null: a person made it, or it is not known. */
      finding: string | null;
      /** @description Id of the attack that led to it; null: none, or not known. */
      incident: string | null;
      /**
       * @description `automatic`: a verdict; `manual`: a person; `kernel`: found in the kernel at the start.
       * @enum {string}
       */
      origin: 'automatic' | 'manual' | 'kernel';
      /** @description Packets dropped so far, by the kernel’s counter. */
      dropped: number;
      /** @description Milliseconds since the epoch; null: still in force. */
      ended?: number | null;
      how?: ('expired' | 'lifted' | 'replaced') | null;
    };
    EngineExplanation: {
      /** @description IPv4 or IPv6 address in its canonical text. */
      address: string;
      /** @description The engine has counted packets of this address since it started. */
      known: boolean;
      /** @description Milliseconds since the epoch; null: never. */
      lastSeen: number | null;
      /** @enum {string} */
      state: 'exempt' | 'denied' | 'blocked' | 'limited' | 'open';
      /** @description Why it is exempt: `allowlisted`, `own-address`, `default-gateway`. */
      exemption: string | null;
      /** @description Milliseconds since the epoch; null: none, or permanent. */
      until: number | null;
      permanent: boolean;
      blocksBefore: number;
      suspicious: boolean;
      /**
       * @description `registered`: a phone behind it holds a registration; `known`: somebody at it got in before.
       * @enum {string}
       */
      standing: 'unknown' | 'known' | 'registered';
      /** @description Registrations that hold behind it. */
      phones: number;
      /** @enum {string} */
      mode: 'protect' | 'monitor';
      /** @description What every detector counts for it now, against its threshold. */
      counts: {
        kind: components['schemas']['AttackKind'];
        what: string;
        count: number;
        threshold: number;
        windowMs: number;
      }[];
      /** @description Open ones, oldest first. */
      incidents: components['schemas']['EngineIncident'][];
    };
    EngineIncident: {
      id: string;
      /** @description IPv4 or IPv6 address in its canonical text. */
      source: string;
      /** @description Of the first counted message. */
      sourcePort: number;
      /** @description The protected address that was attacked. */
      victim: string;
      victimPort: number;
      /** @enum {string} */
      transport: 'udp' | 'tcp';
      kind: components['schemas']['AttackKind'];
      /** @description First counted message, milliseconds since the epoch. */
      first: number;
      /** @description Last counted message, milliseconds since the epoch. */
      last: number;
      /** @description Messages that the detector counted, before and after the verdict. */
      count: number;
      /** @description Packets that the kernel dropped after the verdict. */
      dropped: number;
      /** @description The first users tried, 20 at most. */
      users: string[];
      /** @description Distinct users tried in all. */
      usersTotal: number;
      /** @description TFTP: the first files asked for, 20 at most. */
      files: string[];
      userAgent: string | null;
      action: components['schemas']['Action'];
      scope: components['schemas']['ActionScope'];
      /** @description `203.0.113.9:5062/udp`, `203.0.113.9` or `2001:db8:0:1::/64`, as `scope` says. */
      target: string;
      /** @description Why the evidence is known to come from the source: it used a nonce that was sent to it, completed a TCP handshake, acknowledged a final answer, or answered a request by the branch that was sent to it. Null: anybody could have written its address. */
      proof: ('nonce' | 'tcp' | 'ack' | 'branch') | null;
      argument: components['schemas']['Argument'];
      /** @description Why this action: `monitor-only`, `register-bruteforce.bad-registrations` … */
      reason: string;
      /** @description What the detector found. */
      finding: string;
      /** @description Milliseconds since the epoch; null: it goes on. */
      closed: number | null;
    };
    ListedEntry: {
      /** @description `192.0.2.1`, `192.0.2.0/24`, `192.0.2.1-192.0.2.9` or the same in IPv6; on the allowlist also a host name. */
      range: string;
      comment: string;
      addedBy: string;
      /** @description Milliseconds since the epoch. */
      addedAt: number;
      /** @description Milliseconds since the epoch; null: no end. */
      until: number | null;
      /** @description A block that became permanent by itself, shown with the denylist. */
      automatic: boolean;
      /** @description Other entries, of both lists, that share addresses with it: the first five. */
      overlaps: components['schemas']['Overlap'][];
    };
    Overlap: {
      list: components['schemas']['ListName'];
      /** @description `192.0.2.1`, `192.0.2.0/24`, `192.0.2.1-192.0.2.9` or the same in IPv6; on the allowlist also a host name. */
      range: string;
    };
    ListAddition: {
      entry: components['schemas']['ListEntry'];
      /** @description False: it was on the list already. */
      added: boolean;
      /** @description It was there with another comment or end. */
      changed: boolean;
      overlaps: components['schemas']['Overlap'][];
      /** @description Blocks that the new allowlist entry lifted. */
      lifted: string[];
    };
    FileImport: {
      added: number;
      changed: number;
      same: number;
      /** @description Entries of the list afterwards; of a dry run: as it is. */
      total: number;
      /** @description Ranges that the allowlist covers too: they have no effect on the denylist. The first ones. */
      allowlisted: string[];
      allowlistedCount: number;
      /** @description Ranges of this machine, of its default gateways and of no source at all: they have no effect either. The first ones. */
      exempt: string[];
      exemptCount: number;
      /** @description Whom the import shuts out that gets in today, a sentence each. */
      shutOut: string[];
      /** @description Blocks that the import lifted. The first ones. */
      lifted: string[];
      liftedCount: number;
      /** @description The list is now as the file wants it. */
      applied: boolean;
      dryRun: boolean;
      /** @description Why nothing was changed, or with `dryRun` would not be: `bad-lines`, `several-sets`, `header-without-address` … */
      stopped: components['schemas']['Trouble'] | null;
      /** @description As what the file was read; null: it is empty. */
      format: ('csv' | 'plain' | 'ipset' | 'nft' | 'nft-json' | 'fail2ban' | 'sipprot') | null;
      /** @description Lines with an address that an earlier line has. */
      duplicates: number;
      /** @description Lines whose end has passed. */
      over: number;
      /** @description Lines that are no entry. */
      refused: number;
      /** @description What was refused; the first 100. `value` is escaped and cut. */
      problems: {
        /** @description Line of the file, from 1; 0: the whole file. */
        line: number;
        code: string;
        value: string;
        why: string;
        expected: string;
      }[];
      /** @description What was understood in another way than it was written; the first 100. */
      notes: {
        /** @description Line of the file, from 1; 0: the whole file. */
        line: number;
        code: string;
        value: string;
        text: string;
      }[];
      /** @description Sets of the file: with several of them say which are meant. */
      sets: {
        name: string;
        records: number;
      }[];
      /** @description The first 200 of each. */
      plan: {
        added: {
          /** @description Line of the file, from 1. */
          line: number;
          after: components['schemas']['ListEntry'];
        }[];
        changed: {
          /** @description Line of the file, from 1. */
          line: number;
          before: components['schemas']['ListEntry'];
          after: components['schemas']['ListEntry'];
        }[];
      };
    };
    ImportChunk: {
      /** @description The first `show` additions and changes. */
      steps: (
        | {
            /** @description Which entry of the request, from 0. */
            at: number;
            /** @constant */
            what: 'added';
            after: components['schemas']['ListEntry'];
          }
        | {
            /** @description Which entry of the request, from 0. */
            at: number;
            /** @constant */
            what: 'changed';
            before: components['schemas']['ListEntry'];
            after: components['schemas']['ListEntry'];
          }
      )[];
    };
    ImportOutcome: {
      added: number;
      changed: number;
      same: number;
      /** @description Entries of the list afterwards; of a dry run: as it is. */
      total: number;
      /** @description Ranges that the allowlist covers too: they have no effect on the denylist. The first ones. */
      allowlisted: string[];
      allowlistedCount: number;
      /** @description Ranges of this machine, of its default gateways and of no source at all: they have no effect either. The first ones. */
      exempt: string[];
      exemptCount: number;
      /** @description Whom the import shuts out that gets in today, a sentence each. */
      shutOut: string[];
      /** @description Blocks that the import lifted. The first ones. */
      lifted: string[];
      liftedCount: number;
    };
    Feed: {
      name: string;
      /** @description URL or file; what may be a secret in it is hidden. */
      from: string;
      /** @enum {string} */
      action: 'block' | 'watch';
      everyMs: number;
      /**
       * @description `waiting`: there has been no content yet. `stale`: not confirmed for three periods; it stays in force.
       * @enum {string}
       */
      state: 'current' | 'stale' | 'waiting';
      refreshing: boolean;
      /** @description Milliseconds since the epoch; null: never. */
      changedAt: number | null;
      /** @description Milliseconds since the epoch; null: never. */
      confirmedAt: number | null;
      /** @description Milliseconds since the epoch; null: nothing is planned. */
      nextAt: number | null;
      problem: {
        code: string;
        text: string;
        hint: string | null;
        /** @description Since when it has not worked, milliseconds since the epoch. */
        since: number;
        /** @description When it was tried last, milliseconds since the epoch. */
        at: number;
      } | null;
      /** @description What the list was read as. */
      format: string | null;
      entries: number;
      /** @description After overlapping and neighbouring entries were joined. */
      ranges: number;
      /** @description Lines that are no entry; the first ones with their place. */
      bad: {
        total: number;
        first: {
          line: number;
          value: string;
          why: string;
        }[];
      };
      /** @description Entries that no list of attackers can mean. */
      refused: {
        total: number;
        first: {
          line: number;
          address: string;
          reason: string;
          why: string;
        }[];
      };
      /** @description Packets from its addresses since the kernel counts: dropped, or with `watch` counted only. Null: the guard has not reported. */
      hits: number | null;
    };
    HostName: {
      name: string;
      addresses: string[];
      /** @description Milliseconds since the epoch; null: never. */
      confirmedAt: number | null;
      /** @description Milliseconds since the epoch; null: nothing is planned. */
      nextAt: number | null;
      /** @description `host-name-private` and `host-name-many` are remarks: the answer is in force. */
      problem: {
        /** @enum {string} */
        code: 'host-name-unresolved' | 'host-name-gone' | 'host-name-private' | 'host-name-many';
        text: string;
        /** @description Milliseconds since the epoch. */
        since: number;
      } | null;
    };
    FeedChange: {
      name: string;
      /** @description There was none of this name. */
      added: boolean;
      /** @description False: the policy said so already. */
      changed: boolean;
      /** @description Of the policy. */
      version: number;
      /** @description The policy file that wins at the next start; null: there is none. */
      file: string | null;
      /** @description What the first fetch came to; null after it was removed. */
      feed: components['schemas']['Feed'] | null;
    };
    FeedDetail: {
      name: string;
      /** @description URL or file; what may be a secret in it is hidden. */
      from: string;
      /** @enum {string} */
      action: 'block' | 'watch';
      everyMs: number;
      /**
       * @description `waiting`: there has been no content yet. `stale`: not confirmed for three periods; it stays in force.
       * @enum {string}
       */
      state: 'current' | 'stale' | 'waiting';
      refreshing: boolean;
      /** @description Milliseconds since the epoch; null: never. */
      changedAt: number | null;
      /** @description Milliseconds since the epoch; null: never. */
      confirmedAt: number | null;
      /** @description Milliseconds since the epoch; null: nothing is planned. */
      nextAt: number | null;
      problem: {
        code: string;
        text: string;
        hint: string | null;
        /** @description Since when it has not worked, milliseconds since the epoch. */
        since: number;
        /** @description When it was tried last, milliseconds since the epoch. */
        at: number;
      } | null;
      /** @description What the list was read as. */
      format: string | null;
      entries: number;
      /** @description After overlapping and neighbouring entries were joined. */
      ranges: number;
      /** @description Lines that are no entry; the first ones with their place. */
      bad: {
        total: number;
        first: {
          line: number;
          value: string;
          why: string;
        }[];
      };
      /** @description Entries that no list of attackers can mean. */
      refused: {
        total: number;
        first: {
          line: number;
          address: string;
          reason: string;
          why: string;
        }[];
      };
      /** @description Packets from its addresses since the kernel counts: dropped, or with `watch` counted only. Null: the guard has not reported. */
      hits: number | null;
      /** @description What of the feed the allowlist overrides: the first ones, and how many pieces there are. */
      overridden: {
        total: number;
        first: {
          /** @description `192.0.2.1`, `192.0.2.0/24`, `192.0.2.1-192.0.2.9` or the same in IPv6; on the allowlist also a host name. */
          range: string;
          /** @description The entry of the allowlist that wins; null: it has just gone. */
          by: string | null;
          comment: string;
        }[];
      };
    };
    GeoStatus: {
      /**
       * @description As the policy has it.
       * @enum {string}
       */
      provider: 'embedded' | 'maxmind' | 'dbip' | 'ipfire' | 'custom';
      everyMs: number;
      /** @description Null: not loaded yet. */
      inUse: {
        provider: string;
        /** @description Package, URL or file. */
        source: string;
        /** @description The settings that the data were got by. */
        identity: string;
        /** @description Milliseconds since the epoch; null: the data do not say. */
        made: number | null;
        /** @description Milliseconds since the epoch. */
        loaded: number;
        /** @description Rows of the file, before joining. */
        rows: number;
        countries: number;
        rangesV4: number;
        rangesV6: number;
        /** @description Memory of the tables. */
        bytes: number;
      } | null;
      /** @description Names of networks; null: none are loaded. */
      networks: {
        source: string;
        /** @description Milliseconds since the epoch; null: the data do not say. */
        made: number | null;
      } | null;
      updating: boolean;
      /** @description Milliseconds since the epoch; null: never. */
      checkedAt: number | null;
      /** @description Milliseconds since the epoch; null: these data are never looked for. */
      nextAt: number | null;
      problem: {
        code: string;
        text: string;
        hint: string | null;
        /** @description Milliseconds since the epoch. */
        since: number;
        /** @description Milliseconds since the epoch. */
        at: number;
      } | null;
      /** @description What the licence of the data asks to be said. */
      attribution: string;
      rule: components['schemas']['CountryRule'];
      /** @description Ranges that the rule blocks. */
      blocked: {
        rangesV4: number;
        rangesV6: number;
      };
    };
    CountryRule: {
      /**
       * @description `block`: the countries of the list are blocked. `allow`: all others are.
       * @enum {string}
       */
      mode: 'off' | 'block' | 'allow';
      /** @description ISO 3166-1 alpha-2. */
      list: string[];
      /**
       * @description What happens to addresses without a country.
       * @enum {string}
       */
      unknown: 'pass' | 'block';
      protocols: {
        sipUdp: boolean;
        sipTcp: boolean;
        tftp: boolean;
      };
    };
    Country: {
      code: string;
      name: string;
      blocked: boolean;
      rangesV4: number;
      rangesV6: number;
      addressesV4: number;
      /** @description Networks of 2^64 addresses (/64), rounded up. */
      networksV6: number;
    };
    GeoUpdate: {
      /** @description False: the data in use were the newest already. */
      changed: boolean;
      status: components['schemas']['GeoStatus'];
    };
    GeoPreview: {
      /** @description Milliseconds since the epoch. */
      since: number;
      /** @description Milliseconds since the epoch. */
      until: number;
      before: components['schemas']['CountryRule'];
      after: components['schemas']['CountryRule'];
      ranges: {
        before: number;
        after: number;
      };
      attacks: {
        seen: {
          sources: number;
          incidents: number;
        };
        /** @description Would have been stopped, and are not now. */
        stopped: {
          sources: number;
          incidents: number;
        };
        /** @description Are stopped now, and would not have been. */
        letIn: {
          sources: number;
          incidents: number;
        };
        /** @description Of those that would have been stopped, most incidents first. */
        byCountry: {
          sources: number;
          incidents: number;
          country: string | null;
          name: string;
        }[];
        top: {
          /** @description IPv4 or IPv6 address in its canonical text. */
          address: string;
          /** @description ISO 3166-1 alpha-2; null: not known. */
          country: string | null;
          /** @description Number of the autonomous system; null: not known. */
          asn: number | null;
          /** @description Name of the autonomous system; null: not known. */
          network: string | null;
          incidents: number;
          /** @description Milliseconds since the epoch. */
          last: number;
        }[];
      };
      registered: {
        /** @description Sources with registered phones now; null: the guard did not say. */
        seen: number | null;
        /** @description Of them those that the change would lock out. The first ones. */
        lockedOut: {
          /** @description IPv4 or IPv6 address in its canonical text. */
          address: string;
          /** @description ISO 3166-1 alpha-2; null: not known. */
          country: string | null;
          /** @description Number of the autonomous system; null: not known. */
          asn: number | null;
          /** @description Name of the autonomous system; null: not known. */
          network: string | null;
          /** @description Milliseconds since the epoch. */
          until: number;
        }[];
        lockedOutCount: number;
      };
      /** @description What cannot be told, as sentences. */
      notKnown: string[];
    };
    Policy: {
      /** @description 0: the built-in default. */
      version: number;
      /** @description Milliseconds since the epoch. */
      at: number;
      by: string;
      comment: string;
      document: components['schemas']['PolicyDocument'];
      /** @description As people write it (YAML), with a comment on every field. */
      text: string;
      /** @description As it was written, with its own comments. */
      written: string;
    };
    /**
     * @description Defaults filled in; durations, ports and addresses as people write them.
     * @example
     * @example
     */
    PolicyDocument: {
      /**
       * @description protect: attackers are blocked. monitor: everything is detected and logged, nothing is blocked.
       * @default protect
       * @example protect
       * @example protect
       * @enum {string}
       */
      mode: 'protect' | 'monitor';
      /**
       * @description The protected ports.
       * @example
       * @example
       */
      ports: {
        /**
         * @description SIP ports by transport; "sip: 5060,5070-5080" sets both.
         * @example
         * @example
         */
        sip: {
          /**
           * @description SIP over UDP.
           * @default 5060
           * @example 5060,5062,5070-5080
           * @example 5060,5062,5070-5080
           */
          udp: string;
          /**
           * @description SIP over TCP.
           * @default 5060
           * @example 5060,5062,5070-5080
           * @example 5060,5062,5070-5080
           */
          tcp: string;
        };
        /**
         * @description TFTP servers (provisioning files), UDP.
         * @default 69
         * @example 5060,5062,5070-5080
         * @example 5060,5062,5070-5080
         */
        tftp: string;
        /**
         * @description TCP ports that no automatic block covers, so that nobody is locked out: SSH.
         * @default 22
         * @example 5060,5062,5070-5080
         * @example 5060,5062,5070-5080
         */
        management: string;
      };
      /**
       * @description Gateway mode: addresses of protected machines behind this one, whose traffic is forwarded.
       * @default []
       * @example [192.0.2.0/24, 2001:db8::/32]
       * @example [192.0.2.0/24, 2001:db8::/32]
       */
      guests: string[];
      /**
       * @description What reaches the protected ports while Ringfence is not there: at boot, after a crash, when it cannot start. open: everything; closed: the allowlist and registered phones alone. With the systemd units; a stop by hand opens.
       * @default open
       * @example open
       * @example open
       * @enum {string}
       */
      whenDown: 'open' | 'closed';
      /**
       * @description Blocks.
       * @example
       * @example
       */
      block: {
        /**
         * @description How long a block lasts.
         * @default 1h
         * @example 1h
         * @example 1h
         */
        for: string;
        /**
         * @description The kernel starts the time anew with every packet of a blocked source.
         * @default true
         * @example true
         * @example true
         */
        extend: boolean;
        /**
         * @description After this many blocks the next one is permanent. 0: never.
         * @default 3
         * @example 3
         * @example 3
         */
        permanentAfter: number;
        /**
         * @description Earlier blocks older than this are forgotten.
         * @default 90d
         * @example 90d
         * @example 90d
         */
        remember: string;
      };
      /**
       * @description The way in to the SIP ports, so that no flood takes it from your phones. The kernel counts; what is above is dropped. The allowlist always passes.
       * @example
       * @example
       */
      wayIn: {
        /**
         * @description Whether sources that are not registered share a budget.
         * @default true
         * @example true
         * @example true
         */
        enabled: boolean;
        /**
         * @description Packets of one address.
         * @default 600
         * @example 600
         * @example 600
         */
        perSource: number;
        /**
         * @description Packets of one network (/24; /64 in IPv6).
         * @default 1000
         * @example 1000
         * @example 1000
         */
        perNetwork: number;
        /**
         * @description Packets of all sources that are not registered, together.
         * @default 1500
         * @example 1500
         * @example 1500
         */
        total: number;
        /**
         * @description Packets of one registered phone, and of one address behind which phones registered in the last day.
         * @default 2000
         * @example 2000
         * @example 2000
         */
        perKnown: number;
      };
      /**
       * @description How far a block may be widened to the network around a source. Never over an allowlisted, exempt or registered address.
       * @example
       * @example
       */
      widen: {
        /**
         * @description The largest IPv4 network.
         * @default 24
         * @example 24
         * @example 24
         * @enum {string}
         */
        v4: '24' | 'off';
        /**
         * @description The largest IPv6 network; 64 is one customer’s line, which counts as one address.
         * @default 56
         * @example 56
         * @example 56
         * @enum {string}
         */
        v6: '48' | '56' | '64' | 'off';
        /**
         * @description Networks blocked within an hour, a /64 not counted.
         * @default 10
         * @example 10
         * @example 10
         */
        networksPerHour: number;
      };
      /**
       * @description What a limited source may still do.
       * @example
       * @example
       */
      limit: {
        /**
         * @description New INVITEs a second of an address; messages of any kind of one phone (address and port).
         * @default 5
         * @example 5
         * @example 5
         */
        invitesPerSecond: number;
        /**
         * @description How long it stays limited.
         * @default 10m
         * @example 10m
         * @example 10m
         */
        for: string;
      };
      /**
       * @description Sources that got in, and evidence that anybody could have forged.
       * @example
       * @example
       */
      trust: {
        /**
         * @description Thresholds are this many times as high for a phone whose registration holds.
         * @default 3
         * @example 3
         * @example 3
         */
        thresholdFactor: number;
        /**
         * @description An address that got in is known for this long afterwards.
         * @default 30d
         * @example 30d
         * @example 30d
         */
        remember: string;
        /**
         * @description At a known address one phone (address and port) is blocked at a time; after this many the whole address. 0: the address at once.
         * @default 3
         * @example 3
         * @example 3
         */
        portsBeforeAddress: number;
        /**
         * @description The time in which those ports are counted.
         * @default 10m
         * @example 10m
         * @example 10m
         */
        portsWithin: string;
        /**
         * @description How long a flood blocks an unknown source that did not prove its address: anybody could have written it. It is not prolonged.
         * @default 60s
         * @example 60s
         * @example 60s
         */
        unconfirmedFor: string;
        /**
         * @description A phone with a wrong password tries again no more often than this. 0: one password after the other is always an attack.
         * @default 12
         * @example 12
         * @example 12
         */
        retriesPerMinute: number;
        /**
         * @description Beyond this its port is blocked.
         * @default 240
         * @example 240
         * @example 240
         */
        retriesPerHour: number;
      };
      /**
       * @description Incidents and the evidence kept with them.
       * @example
       * @example
       */
      incident: {
        /**
         * @description An incident closes after this long without another counted message.
         * @default 5m
         * @example 5m
         * @example 5m
         */
        idle: string;
        /**
         * @description The first messages kept as evidence.
         * @default 10
         * @example 10
         * @example 10
         */
        evidenceMessages: number;
        /**
         * @description Size of all evidence of one incident.
         * @default 16384
         * @example 16384
         * @example 16384
         */
        evidenceBytes: number;
      };
      /**
       * @description The detectors.
       * @example
       * @example
       */
      detect: {
        /**
         * @description Guessing passwords by REGISTER.
         * @example
         * @example
         */
        'register-bruteforce': {
          /**
           * @description Whether this detector runs.
           * @default true
           * @example true
           * @example true
           */
          enabled: boolean;
          /**
           * @description watch: record and notify; limit: fewer INVITEs; block: for a time; deny: for good.
           * @default block
           * @example block
           * @example block
           * @enum {string}
           */
          action: 'watch' | 'limit' | 'block' | 'deny';
          /**
           * @description Bad registrations of one source.
           * @default 5
           * @example 5
           * @example 5
           */
          threshold: number;
          /**
           * @description The time in which they are counted.
           * @default 60s
           * @example 60s
           * @example 60s
           */
          window: string;
          /**
           * @description REGISTER attempts where the answers cannot be seen.
           * @default 30
           * @example 30
           * @example 30
           */
          attemptsThreshold: number;
        };
        /**
         * @description Guessing passwords by INVITE, SUBSCRIBE and other requests.
         * @example
         * @example
         */
        'auth-bruteforce': {
          /**
           * @description Whether this detector runs.
           * @default true
           * @example true
           * @example true
           */
          enabled: boolean;
          /**
           * @description watch: record and notify; limit: fewer INVITEs; block: for a time; deny: for good.
           * @default block
           * @example block
           * @example block
           * @enum {string}
           */
          action: 'watch' | 'limit' | 'block' | 'deny';
          /**
           * @description Failed authentications of one source.
           * @default 5
           * @example 5
           * @example 5
           */
          threshold: number;
          /**
           * @description The time in which they are counted.
           * @default 60s
           * @example 60s
           * @example 60s
           */
          window: string;
        };
        /**
         * @description Searching for users that exist, by REGISTER, INVITE or OPTIONS.
         * @example
         * @example
         */
        enumeration: {
          /**
           * @description Whether this detector runs.
           * @default true
           * @example true
           * @example true
           */
          enabled: boolean;
          /**
           * @description watch: record and notify; limit: fewer INVITEs; block: for a time; deny: for good.
           * @default block
           * @example block
           * @example block
           * @enum {string}
           */
          action: 'watch' | 'limit' | 'block' | 'deny';
          /**
           * @description Distinct users that were refused.
           * @default 10
           * @example 10
           * @example 10
           */
          threshold: number;
          /**
           * @description The time in which they are counted.
           * @default 60s
           * @example 60s
           * @example 60s
           */
          window: string;
          /**
           * @description Distinct users challenged and never followed up.
           * @default 20
           * @example 20
           * @example 20
           */
          abandonedThreshold: number;
          /**
           * @description The time in which a phone answers a challenge.
           * @default 2s
           * @example 2s
           * @example 2s
           */
          followUp: string;
          /**
           * @description Distinct users asked for with no answer yet.
           * @default 64
           * @example 64
           * @example 64
           */
          pendingThreshold: number;
        };
        /**
         * @description Tools that name themselves in User-Agent.
         * @example
         * @example
         */
        'scanner-agent': {
          /**
           * @description Whether this detector runs.
           * @default true
           * @example true
           * @example true
           */
          enabled: boolean;
          /**
           * @description watch: record and notify; limit: fewer INVITEs; block: for a time; deny: for good.
           * @default block
           * @example block
           * @example block
           * @enum {string}
           */
          action: 'watch' | 'limit' | 'block' | 'deny';
          /**
           * @description Blocked on sight. A plain entry matches whole words, =entry the whole value; case never counts.
           * @default [
           *       "friendly-scanner",
           *       "friendly-request",
           *       "sipvicious",
           *       "sipv",
           *       "sundayddr",
           *       "sipcli",
           *       "sip-scan",
           *       "sipscan",
           *       "pplsip",
           *       "sippts",
           *       "sipptk",
           *       "VaxSIPUserAgent",
           *       "VaxIPUserAgent",
           *       "iWar",
           *       "smap",
           *       "sivus",
           *       "siparmyknife",
           *       "Gulp",
           *       "Nmap NSE"
           *     ]
           * @example [friendly-scanner, "=PBX"]
           * @example [friendly-scanner, "=PBX"]
           */
          certain: string[];
          /**
           * @description Adds to the score of the other detectors; never blocks alone.
           * @default [
           *       "sipsak",
           *       "sipp",
           *       "eyeBeam",
           *       "X-Lite",
           *       "=xlite",
           *       "CSipSimple",
           *       "MizuPhone",
           *       "Z 3",
           *       "Cisco-SIPGateway",
           *       "PortSIP VoIP SDK",
           *       "Ozeki VoIP SIP SDK",
           *       "Custom SIP Phone",
           *       "=Test Agent",
           *       "=PBX",
           *       "=voip",
           *       "=VoIP SIP"
           *     ]
           * @example [friendly-scanner, "=PBX"]
           * @example [friendly-scanner, "=PBX"]
           */
          suspicious: string[];
          /**
           * @description The share of a threshold that a suspicious user agent stands for.
           * @default 0.4
           * @example 0.4
           * @example 0.4
           */
          suspicionWeight: number;
          /**
           * @description How long a suspicious user agent is remembered for a source.
           * @default 10m
           * @example 10m
           * @example 10m
           */
          window: string;
        };
        /**
         * @description Tools known by how they write messages, whatever they call themselves.
         * @example
         * @example
         */
        'scanner-fingerprint': {
          /**
           * @description Whether this detector runs.
           * @default true
           * @example true
           * @example true
           */
          enabled: boolean;
          /**
           * @description watch: record and notify; limit: fewer INVITEs; block: for a time; deny: for good.
           * @default block
           * @example block
           * @example block
           * @enum {string}
           */
          action: 'watch' | 'limit' | 'block' | 'deny';
        };
        /**
         * @description Too many INVITEs of one source.
         * @example
         * @example
         */
        'invite-limit': {
          /**
           * @description Whether this detector runs.
           * @default true
           * @example true
           * @example true
           */
          enabled: boolean;
          /**
           * @description watch: record and notify; limit: fewer INVITEs; block: for a time; deny: for good.
           * @default watch
           * @example watch
           * @example watch
           * @enum {string}
           */
          action: 'watch' | 'limit' | 'block' | 'deny';
          /**
           * @description INVITEs without a final answer at one moment.
           * @default 30
           * @example 30
           * @example 30
           */
          simultaneous: number;
          /**
           * @description INVITEs within the window.
           * @default 60
           * @example 60
           * @example 60
           */
          threshold: number;
          /**
           * @description The time in which they are counted.
           * @default 10s
           * @example 10s
           * @example 10s
           */
          window: string;
          /**
           * @description Other limits for known sources: trunks, call centres.
           * @default []
           * @example [{ source: 192.0.2.0/24, simultaneous: 200, threshold: 600 }]
           * @example [{ source: 192.0.2.0/24, simultaneous: 200, threshold: 600 }]
           */
          overrides: {
            /**
             * @description The source or sources that this override is for; the most specific one wins.
             * @example 192.0.2.0/24
             * @example 192.0.2.0/24
             */
            source: string;
            /**
             * @description Unanswered INVITEs at one moment.
             * @example 60
             * @example 60
             */
            simultaneous: number;
            /**
             * @description INVITEs within the window.
             * @example 60
             * @example 60
             */
            threshold: number;
          }[];
        };
        /**
         * @description Too many requests of any kind.
         * @example
         * @example
         */
        flood: {
          /**
           * @description Whether this detector runs.
           * @default true
           * @example true
           * @example true
           */
          enabled: boolean;
          /**
           * @description watch: record and notify; limit: fewer INVITEs; block: for a time; deny: for good.
           * @default block
           * @example block
           * @example block
           * @enum {string}
           */
          action: 'watch' | 'limit' | 'block' | 'deny';
          /**
           * @description Requests of one address and port.
           * @default 500
           * @example 500
           * @example 500
           */
          threshold: number;
          /**
           * @description The time in which they are counted.
           * @default 5s
           * @example 5s
           * @example 5s
           */
          window: string;
          /**
           * @description Requests of one address, all its ports together.
           * @default 2500
           * @example 2500
           * @example 2500
           */
          addressThreshold: number;
        };
        /**
         * @description Messages that no working client sends.
         * @example
         * @example
         */
        malformed: {
          /**
           * @description Whether this detector runs.
           * @default true
           * @example true
           * @example true
           */
          enabled: boolean;
          /**
           * @description watch: record and notify; limit: fewer INVITEs; block: for a time; deny: for good.
           * @default block
           * @example block
           * @example block
           * @enum {string}
           */
          action: 'watch' | 'limit' | 'block' | 'deny';
          /**
           * @description Severely malformed messages of one source.
           * @default 20
           * @example 20
           * @example 20
           */
          threshold: number;
          /**
           * @description The time in which they are counted.
           * @default 60s
           * @example 60s
           * @example 60s
           */
          window: string;
        };
        /**
         * @description Guessing the names of provisioning files.
         * @example
         * @example
         */
        'tftp-bruteforce': {
          /**
           * @description Whether this detector runs.
           * @default true
           * @example true
           * @example true
           */
          enabled: boolean;
          /**
           * @description watch: record and notify; limit: fewer INVITEs; block: for a time; deny: for good.
           * @default block
           * @example block
           * @example block
           * @enum {string}
           */
          action: 'watch' | 'limit' | 'block' | 'deny';
          /**
           * @description Distinct file names that were refused.
           * @default 10
           * @example 10
           * @example 10
           */
          threshold: number;
          /**
           * @description The time in which they are counted.
           * @default 60s
           * @example 60s
           * @example 60s
           */
          window: string;
          /**
           * @description Distinct file names, found or not.
           * @default 30
           * @example 30
           * @example 30
           */
          namesThreshold: number;
        };
        /**
         * @description Calls without credentials to numbers abroad and premium services.
         * @example
         * @example
         */
        'toll-fraud': {
          /**
           * @description Whether this detector runs.
           * @default true
           * @example true
           * @example true
           */
          enabled: boolean;
          /**
           * @description watch: record and notify; limit: fewer INVITEs; block: for a time; deny: for good.
           * @default block
           * @example block
           * @example block
           * @enum {string}
           */
          action: 'watch' | 'limit' | 'block' | 'deny';
          /**
           * @description Such calls of one source that were refused, or challenged and given up.
           * @default 5
           * @example 5
           * @example 5
           */
          threshold: number;
          /**
           * @description The time in which they are counted.
           * @default 1h
           * @example 1h
           * @example 1h
           */
          window: string;
          /**
           * @description Ways of dialling one number, told by its last eight digits.
           * @default 3
           * @example 3
           * @example 3
           */
          prefixThreshold: number;
          /**
           * @description The time in which a phone answers a challenge.
           * @default 4s
           * @example 4s
           * @example 4s
           */
          followUp: string;
          /**
           * @description What a number abroad begins with.
           * @default +, 00, 011, 0011, 810
           * @example +, 00, 011, 0011, 810
           * @example +, 00, 011, 0011, 810
           */
          international: string;
          /**
           * @description What may stand in front of it to get a line.
           * @default 0, 00, 000, 1, 8, 9, 90, 91, 99
           * @example 0, 00, 000, 1, 8, 9, 90, 91, 99
           * @example 0, 00, 000, 1, 8, 9, 90, 91, 99
           */
          dialOut: string;
          /**
           * @description What a national number that costs extra begins with.
           * @default 0900, 0190, 1900
           * @example 0900, 0190, 1900
           * @example 0900, 0190, 1900
           */
          premium: string;
          /**
           * @description Your own country code, and others that are not abroad, e.g. 49.
           * @default
           * @example 49, 43
           * @example 49, 43
           */
          home: string;
        };
        /**
         * @description Ending, changing or repeating the calls of others.
         * @example
         * @example
         */
        'forged-request': {
          /**
           * @description Whether this detector runs.
           * @default true
           * @example true
           * @example true
           */
          enabled: boolean;
          /**
           * @description watch: record and notify; limit: fewer INVITEs; block: for a time; deny: for good.
           * @default block
           * @example block
           * @example block
           * @enum {string}
           */
          action: 'watch' | 'limit' | 'block' | 'deny';
          /**
           * @description Calls that nobody has, ended or changed from one address and port.
           * @default 10
           * @example 10
           * @example 10
           */
          threshold: number;
          /**
           * @description The time in which they are counted.
           * @default 60s
           * @example 60s
           * @example 60s
           */
          window: string;
          /**
           * @description Networks whose calls a stranger tried to end or change.
           * @default 3
           * @example 3
           * @example 3
           */
          foreignThreshold: number;
          /**
           * @description Calls with the credentials of another one.
           * @default 3
           * @example 3
           * @example 3
           */
          replayThreshold: number;
        };
        /**
         * @description Challenging the BYE of the called side, to get an answer made of its password.
         * @example
         * @example
         */
        'digest-leak': {
          /**
           * @description Whether this detector runs.
           * @default true
           * @example true
           * @example true
           */
          enabled: boolean;
          /**
           * @description watch: record and notify; limit: fewer INVITEs; block: for a time; deny: for good.
           * @default block
           * @example block
           * @example block
           * @enum {string}
           */
          action: 'watch' | 'limit' | 'block' | 'deny';
          /**
           * @description Such challenges of one source.
           * @default 1
           * @example 1
           * @example 1
           */
          threshold: number;
          /**
           * @description The time in which they are counted.
           * @default 1h
           * @example 1h
           * @example 1h
           */
          window: string;
        };
        /**
         * @description Fragments of SQL, shell commands, paths and markup in names.
         * @example
         * @example
         */
        injection: {
          /**
           * @description Whether this detector runs.
           * @default true
           * @example true
           * @example true
           */
          enabled: boolean;
          /**
           * @description watch: record and notify; limit: fewer INVITEs; block: for a time; deny: for good.
           * @default block
           * @example block
           * @example block
           * @enum {string}
           */
          action: 'watch' | 'limit' | 'block' | 'deny';
          /**
           * @description Requests with such a fragment.
           * @default 1
           * @example 1
           * @example 1
           */
          threshold: number;
          /**
           * @description The time in which they are counted.
           * @default 60s
           * @example 60s
           * @example 60s
           */
          window: string;
        };
        /**
         * @description Guessing with patience, below every threshold of a minute.
         * @example
         * @example
         */
        'slow-bruteforce': {
          /**
           * @description Whether this detector runs.
           * @default true
           * @example true
           * @example true
           */
          enabled: boolean;
          /**
           * @description watch: record and notify; limit: fewer INVITEs; block: for a time; deny: for good.
           * @default block
           * @example block
           * @example block
           * @enum {string}
           */
          action: 'watch' | 'limit' | 'block' | 'deny';
          /**
           * @description Guesses of one source within an hour.
           * @default 12
           * @example 12
           * @example 12
           */
          hourThreshold: number;
          /**
           * @description Guesses of one source within a day.
           * @default 20
           * @example 20
           * @example 20
           */
          dayThreshold: number;
          /**
           * @description Guesses of one source within a week.
           * @default 30
           * @example 30
           * @example 30
           */
          weekThreshold: number;
        };
        /**
         * @description Many sources that guess together, each of them a little.
         * @example
         * @example
         */
        'distributed-bruteforce': {
          /**
           * @description Whether this detector runs.
           * @default true
           * @example true
           * @example true
           */
          enabled: boolean;
          /**
           * @description watch: record and notify; limit: fewer INVITEs; block: for a time; deny: for good.
           * @default block
           * @example block
           * @example block
           * @enum {string}
           */
          action: 'watch' | 'limit' | 'block' | 'deny';
          /**
           * @description Guesses of a source that takes part in a campaign, over more than half an hour.
           * @default 3
           * @example 3
           * @example 3
           */
          guesses: number;
          /**
           * @description One user, or one program that nobody registers with, at work all over the Internet.
           * @example
           * @example
           */
          campaign: {
            /**
             * @description Regions (IPv4 /16, IPv6 /32) that it came from within a day, or twice as many within a week.
             * @default 12
             * @example 12
             * @example 12
             */
            regions: number;
          };
          /**
           * @description A network that sends one address after the other; see “widen”.
           * @example
           * @example
           */
          network: {
            /**
             * @description Its hostile addresses within a day, or twice as many within a week.
             * @default 8
             * @example 8
             * @example 8
             */
            addresses: number;
            /**
             * @description Their share of all its addresses that failed.
             * @default 0.8
             * @example 0.8
             * @example 0.8
             */
            share: number;
          };
          /**
           * @description One autonomous system (a provider) out of which many sources guess. It is never blocked as a whole.
           * @example
           * @example
           */
          asn: {
            /**
             * @description Its hostile networks (IPv4 /24, IPv6 /48) within a day, or twice as many within a week.
             * @default 12
             * @example 12
             * @example 12
             */
            networks: number;
            /**
             * @description Their share of all its networks in which somebody failed.
             * @default 0.8
             * @example 0.8
             * @example 0.8
             */
            share: number;
            /**
             * @description Users that a source in it must have tried itself to be blocked.
             * @default 5
             * @example 5
             * @example 5
             */
            users: number;
          };
        };
      };
      /**
       * @description Other thresholds for known sources: trunks, call centres, a noisy office.
       * @default []
       * @example [{ source: 192.0.2.0/24, set: { flood.threshold: 5000 } }]
       * @example [{ source: 192.0.2.0/24, set: { flood.threshold: 5000 } }]
       */
      overrides: {
        /**
         * @description The source or sources; for each threshold the most specific one that names it wins.
         * @example 192.0.2.0/24
         * @example 192.0.2.0/24
         */
        source: string;
        /**
         * @description The thresholds by their names, e.g. flood.threshold.
         * @example { flood.threshold: 5000 }
         * @example { flood.threshold: 5000 }
         */
        set: {
          /**
           * @description In place of detect.register-bruteforce.threshold.
           * @example 5000
           * @example 5000
           */
          'register-bruteforce.threshold'?: number;
          /**
           * @description In place of detect.register-bruteforce.attemptsThreshold.
           * @example 5000
           * @example 5000
           */
          'register-bruteforce.attemptsThreshold'?: number;
          /**
           * @description In place of detect.auth-bruteforce.threshold.
           * @example 5000
           * @example 5000
           */
          'auth-bruteforce.threshold'?: number;
          /**
           * @description In place of detect.enumeration.threshold.
           * @example 5000
           * @example 5000
           */
          'enumeration.threshold'?: number;
          /**
           * @description In place of detect.enumeration.abandonedThreshold.
           * @example 5000
           * @example 5000
           */
          'enumeration.abandonedThreshold'?: number;
          /**
           * @description In place of detect.enumeration.pendingThreshold.
           * @example 5000
           * @example 5000
           */
          'enumeration.pendingThreshold'?: number;
          /**
           * @description In place of detect.invite-limit.simultaneous.
           * @example 5000
           * @example 5000
           */
          'invite-limit.simultaneous'?: number;
          /**
           * @description In place of detect.invite-limit.threshold.
           * @example 5000
           * @example 5000
           */
          'invite-limit.threshold'?: number;
          /**
           * @description In place of detect.flood.threshold.
           * @example 5000
           * @example 5000
           */
          'flood.threshold'?: number;
          /**
           * @description In place of detect.flood.addressThreshold.
           * @example 5000
           * @example 5000
           */
          'flood.addressThreshold'?: number;
          /**
           * @description In place of detect.malformed.threshold.
           * @example 5000
           * @example 5000
           */
          'malformed.threshold'?: number;
          /**
           * @description In place of detect.tftp-bruteforce.threshold.
           * @example 5000
           * @example 5000
           */
          'tftp-bruteforce.threshold'?: number;
          /**
           * @description In place of detect.tftp-bruteforce.namesThreshold.
           * @example 5000
           * @example 5000
           */
          'tftp-bruteforce.namesThreshold'?: number;
          /**
           * @description In place of detect.toll-fraud.threshold.
           * @example 5000
           * @example 5000
           */
          'toll-fraud.threshold'?: number;
          /**
           * @description In place of detect.toll-fraud.prefixThreshold.
           * @example 5000
           * @example 5000
           */
          'toll-fraud.prefixThreshold'?: number;
          /**
           * @description In place of detect.forged-request.threshold.
           * @example 5000
           * @example 5000
           */
          'forged-request.threshold'?: number;
          /**
           * @description In place of detect.forged-request.foreignThreshold.
           * @example 5000
           * @example 5000
           */
          'forged-request.foreignThreshold'?: number;
          /**
           * @description In place of detect.forged-request.replayThreshold.
           * @example 5000
           * @example 5000
           */
          'forged-request.replayThreshold'?: number;
          /**
           * @description In place of detect.digest-leak.threshold.
           * @example 5000
           * @example 5000
           */
          'digest-leak.threshold'?: number;
          /**
           * @description In place of detect.injection.threshold.
           * @example 5000
           * @example 5000
           */
          'injection.threshold'?: number;
          /**
           * @description In place of detect.slow-bruteforce.hourThreshold.
           * @example 5000
           * @example 5000
           */
          'slow-bruteforce.hourThreshold'?: number;
          /**
           * @description In place of detect.slow-bruteforce.dayThreshold.
           * @example 5000
           * @example 5000
           */
          'slow-bruteforce.dayThreshold'?: number;
          /**
           * @description In place of detect.slow-bruteforce.weekThreshold.
           * @example 5000
           * @example 5000
           */
          'slow-bruteforce.weekThreshold'?: number;
          /**
           * @description In place of detect.distributed-bruteforce.guesses.
           * @example 5000
           * @example 5000
           */
          'distributed-bruteforce.guesses'?: number;
        };
      }[];
      /**
       * @description Whole countries. The allowlist wins; private addresses belong to no country and always pass.
       * @example
       * @example
       */
      countries: {
        /**
         * @description off; block: the listed countries reach no protected port; allow: only they do.
         * @default off
         * @example off
         * @example off
         * @enum {string}
         */
        mode: 'off' | 'block' | 'allow';
        /**
         * @description The countries.
         * @default []
         * @example [CN, RU]
         * @example [CN, RU]
         */
        list: string[];
        /**
         * @description Public addresses that the data has no country for.
         * @default pass
         * @example pass
         * @example pass
         * @enum {string}
         */
        unknown: 'pass' | 'block';
        /**
         * @description Whose protected ports are closed.
         * @example
         * @example
         */
        protocols: {
          /**
           * @description SIP over UDP.
           * @default true
           * @example true
           * @example true
           */
          sipUdp: boolean;
          /**
           * @description SIP over TCP.
           * @default true
           * @example true
           * @example true
           */
          sipTcp: boolean;
          /**
           * @description TFTP.
           * @default true
           * @example true
           * @example true
           */
          tftp: boolean;
        };
        /**
         * @description Where the country data comes from.
         * @example
         * @example
         */
        data: {
          /**
           * @description embedded: what Ringfence brings. maxmind: GeoLite2, needs an account. dbip: DB-IP Lite. ipfire: the files of tor-geoipdb. custom: a url or file of your own.
           * @default embedded
           * @example embedded
           * @example embedded
           * @enum {string}
           */
          provider: 'embedded' | 'maxmind' | 'dbip' | 'ipfire' | 'custom';
          /**
           * @description Fetched instead of the provider’s own address; CSV or mmdb.
           * @default
           * @example https://lists.example.org/sip.txt
           * @example https://lists.example.org/sip.txt
           */
          url: string;
          /**
           * @description Read instead of fetching; CSV or mmdb.
           * @default
           * @example /usr/share/GeoIP/GeoLite2-Country.mmdb
           * @example /usr/share/GeoIP/GeoLite2-Country.mmdb
           */
          file: string;
          /**
           * @description The MaxMind account.
           * @default
           * @example 123456
           * @example 123456
           */
          accountId: string;
          /**
           * @description A file that holds the licence key and nothing else.
           * @default
           * @example /etc/ringfence/maxmind.key
           * @example /etc/ringfence/maxmind.key
           */
          licenceKeyFile: string;
          /**
           * @description How often it is fetched or read again.
           * @default 7d
           * @example 7d
           * @example 7d
           */
          every: string;
          /**
           * @description New data that loses more than this share of its ranges is refused.
           * @default 0.2
           * @example 0.2
           * @example 0.2
           */
          shrinkMax: number;
        };
      };
      /**
       * @description The messages of detected attacks, to a Homer server (HEP version 3).
       * @example
       * @example
       */
      hep: {
        /**
         * @description The server; empty: nothing is sent.
         * @default
         * @example homer.example.org
         * @example homer.example.org
         */
        host: string;
        /**
         * @description Its port.
         * @default 9060
         * @example 9060
         * @example 9060
         */
        port: number;
        /**
         * @description How it is reached.
         * @default udp
         * @example udp
         * @example udp
         * @enum {string}
         */
        transport: 'udp' | 'tcp' | 'tls';
        /**
         * @description tls: the server’s certificate must be valid for its name.
         * @default true
         * @example true
         * @example true
         */
        verify: boolean;
        /**
         * @description tls: certificates of your own authority (PEM), trusted beside the public ones.
         * @default
         * @example /etc/ringfence/ca.pem
         * @example /etc/ringfence/ca.pem
         */
        caFile: string;
        /**
         * @description The number that Homer knows this machine by.
         * @default 2001
         * @example 2001
         * @example 2001
         */
        captureId: number;
        /**
         * @description A file that holds the authentication key and nothing else.
         * @default
         * @example /etc/ringfence/hep.key
         * @example /etc/ringfence/hep.key
         */
        keyFile: string;
      };
      /**
       * @description Attacks and verdicts as lines of JSON.
       * @example
       * @example
       */
      jsonLog: {
        /**
         * @description off; stdout: beside the daemon’s other output, which is the journal under systemd; file.
         * @default off
         * @example off
         * @example off
         * @enum {string}
         */
        to: 'off' | 'stdout' | 'file';
        /**
         * @description The file; it may be rotated at any time.
         * @default
         * @example /var/log/ringfence/attacks.jsonl
         * @example /var/log/ringfence/attacks.jsonl
         */
        file: string;
      };
      /**
       * @description Backups that are made by themselves, after three at night, in the data directory.
       * @example
       * @example
       */
      backups: {
        /**
         * @description How many nights are kept. 0: none is made.
         * @default 3
         * @example 3
         * @example 3
         */
        keep: number;
      };
      /**
       * @description Lists of addresses that others keep. The allowlist wins.
       * @default []
       * @example [{ name: voip-blacklist, url: "https://lists.example.org/sip.txt", every: 1h }]
       * @example [{ name: voip-blacklist, url: "https://lists.example.org/sip.txt", every: 1h }]
       */
      feeds: {
        /**
         * @description What the feed is called.
         * @example voip-blacklist
         * @example voip-blacklist
         */
        name: string;
        /**
         * @description Where it is fetched from; a feed has either a url or a file.
         * @default
         * @example https://lists.example.org/sip.txt
         * @example https://lists.example.org/sip.txt
         */
        url: string;
        /**
         * @description A file on this machine that is read instead.
         * @default
         * @example /etc/ringfence/feed.txt
         * @example /etc/ringfence/feed.txt
         */
        file: string;
        /**
         * @description How often it is fetched or read again.
         * @default 1h
         * @example 1h
         * @example 1h
         */
        every: string;
        /**
         * @description block: what it lists reaches no protected port. watch: packets are counted and pass.
         * @default block
         * @example block
         * @example block
         * @enum {string}
         */
        action: 'block' | 'watch';
        /**
         * @description A longer answer is refused, and the last good one stays.
         * @default 16777216
         * @example 16777216
         * @example 16777216
         */
        bytesMax: number;
      }[];
      /**
       * @description Who is told, when, and how. Passwords and keys: ringfence notify secret NAME.
       * @example
       * @example
       */
      notify: {
        /**
         * @description The console as its readers reach it; messages link there.
         * @default
         * @example https://pbx.example.org:8470
         * @example https://pbx.example.org:8470
         */
        consoleUrl: string;
        /**
         * @description Of all times in messages, quiet hours and the daily report; empty: the machine’s.
         * @default
         * @example Europe/Berlin
         * @example Europe/Berlin
         */
        timeZone: string;
        /**
         * @description What is told of an attack.
         * @example
         * @example
         */
        events: {
          /**
           * @description It began.
           * @default true
           * @example true
           * @example true
           */
          opened: boolean;
          /**
           * @description A higher step was taken: limit, block, for good.
           * @default true
           * @example true
           * @example true
           */
          escalated: boolean;
          /**
           * @description It is over.
           * @default false
           * @example false
           * @example false
           */
          ended: boolean;
        };
        /**
         * @description Each attack on its own, neither grouped by source nor told as a campaign; the cap holds.
         * @default false
         * @example false
         * @example false
         */
        everyAttack: boolean;
        /**
         * @description Attacks of one source within this time are one message.
         * @default 10s
         * @example 10s
         * @example 10s
         */
        wait: string;
        /**
         * @description Many sources together are one message about their number.
         * @example
         * @example
         */
        campaign: {
          /**
           * @description From this many sources on.
           * @default 10
           * @example 10
           * @example 10
           */
          sources: number;
          /**
           * @description That attack within this time.
           * @default 5m
           * @example 5m
           * @example 5m
           */
          window: string;
        };
        /**
         * @description Quiet hours: attacks are held back, and told in one digest at their end.
         * @example
         * @example
         */
        quiet: {
          /**
           * @description Local time; empty: no quiet hours.
           * @default
           * @example 22:00
           * @example 22:00
           */
          from: string;
          /**
           * @description Local time.
           * @default
           * @example 07:00
           * @example 07:00
           */
          to: string;
          /**
           * @description Campaigns are told in quiet hours, too.
           * @default true
           * @example true
           * @example true
           */
          campaigns: boolean;
        };
        /**
         * @description The daily report, to all who get report.
         * @example
         * @example
         */
        report: {
          /**
           * @description Whether it is sent.
           * @default true
           * @example true
           * @example true
           */
          enabled: boolean;
          /**
           * @description Local time at which the day before is reported.
           * @default 07:00
           * @example 07:00
           * @example 07:00
           */
          at: string;
        };
        /**
         * @description Mail.
         * @default []
         * @example [{ name: office, host: mail.example.org, from: ringfence@example.org, recipients: [{ address: admin@example.org }] }]
         * @example [{ name: office, host: mail.example.org, from: ringfence@example.org, recipients: [{ address: admin@example.org }] }]
         */
        email: {
          /**
           * @description What the channel is called.
           * @example office
           * @example office
           */
          name: string;
          /**
           * @description The mail server that takes it.
           * @example mail.example.org
           * @example mail.example.org
           */
          host: string;
          /**
           * @description Its port.
           * @default 587
           * @example 587
           * @example 587
           */
          port: number;
          /**
           * @description starttls: encrypted after a first plain line, or not sent. tls: encrypted from the start (port 465). none: in the clear.
           * @default starttls
           * @example starttls
           * @example starttls
           * @enum {string}
           */
          security: 'starttls' | 'tls' | 'none';
          /**
           * @description The server’s certificate must be valid for its name.
           * @default true
           * @example true
           * @example true
           */
          verify: boolean;
          /**
           * @description Certificates of your own authority (PEM), trusted beside the public ones.
           * @default
           * @example /etc/ringfence/ca.pem
           * @example /etc/ringfence/ca.pem
           */
          caFile: string;
          /**
           * @description Who signs in; empty: nobody does. The password: ringfence notify secret NAME.
           * @default
           * @example ringfence@example.org
           * @example ringfence@example.org
           */
          user: string;
          /**
           * @description The sender.
           * @example ringfence@example.org
           * @example ringfence@example.org
           */
          from: string;
          /**
           * @description Who gets what.
           * @default []
           * @example [{ address: admin@example.org }]
           * @example [{ address: admin@example.org }]
           */
          recipients: {
            /**
             * @description Who gets it.
             * @example admin@example.org
             * @example admin@example.org
             */
            address: string;
            /**
             * @description attacks: opened, escalated, ended, campaigns. invite-limit: too many INVITEs. report: the daily report. trouble: the firewall’s own.
             * @default [
             *       "attacks",
             *       "invite-limit",
             *       "report",
             *       "trouble"
             *     ]
             * @example [attacks, invite-limit]
             * @example [attacks, invite-limit]
             */
            gets: ('attacks' | 'invite-limit' | 'report' | 'trouble')[];
          }[];
          /**
           * @description More messages than this in an hour become one digest.
           * @default 30
           * @example 30
           * @example 30
           */
          perHourMax: number;
        }[];
        /**
         * @description Web addresses that messages are posted to.
         * @default []
         * @example [{ name: chat, url: "https://hooks.slack.com/services/{secret}", template: slack }]
         * @example [{ name: chat, url: "https://hooks.slack.com/services/{secret}", template: slack }]
         */
        webhook: {
          /**
           * @description What the channel is called.
           * @example office
           * @example office
           */
          name: string;
          /**
           * @description Where it is posted to; {secret} stands for the secret of the channel.
           * @example https://hooks.slack.com/services/{secret}
           * @example https://hooks.slack.com/services/{secret}
           */
          url: string;
          /**
           * @description json: everything, signed with the secret. The others: as that service wants it.
           * @default json
           * @example json
           * @example json
           * @enum {string}
           */
          template: 'json' | 'slack' | 'mattermost' | 'teams' | 'telegram' | 'pagerduty';
          /**
           * @description Telegram: the chat that gets it.
           * @default
           * @example -1001234567890
           * @example -1001234567890
           */
          chat: string;
          /**
           * @description The server’s certificate must be valid for its name.
           * @default true
           * @example true
           * @example true
           */
          verify: boolean;
          /**
           * @description Certificates of your own authority (PEM), trusted beside the public ones.
           * @default
           * @example /etc/ringfence/ca.pem
           * @example /etc/ringfence/ca.pem
           */
          caFile: string;
          /**
           * @description attacks: opened, escalated, ended, campaigns. invite-limit: too many INVITEs. report: the daily report. trouble: the firewall’s own.
           * @default [
           *       "attacks",
           *       "invite-limit",
           *       "trouble"
           *     ]
           * @example [attacks, invite-limit]
           * @example [attacks, invite-limit]
           */
          gets: ('attacks' | 'invite-limit' | 'report' | 'trouble')[];
          /**
           * @description More messages than this in an hour become one digest.
           * @default 60
           * @example 60
           * @example 60
           */
          perHourMax: number;
        }[];
        /**
         * @description Syslog servers (RFC 5424).
         * @default []
         * @example [{ name: log, host: log.example.org }]
         * @example [{ name: log, host: log.example.org }]
         */
        syslog: {
          /**
           * @description What the channel is called.
           * @example office
           * @example office
           */
          name: string;
          /**
           * @description The syslog server; empty with local.
           * @default
           * @example log.example.org
           * @example log.example.org
           */
          host: string;
          /**
           * @description Its port.
           * @default 514
           * @example 514
           * @example 514
           */
          port: number;
          /**
           * @description tls: usually port 6514. local: this machine’s own log, /dev/log.
           * @default udp
           * @example udp
           * @example udp
           * @enum {string}
           */
          transport: 'udp' | 'tcp' | 'tls' | 'local';
          /**
           * @description The server’s certificate must be valid for its name.
           * @default true
           * @example true
           * @example true
           */
          verify: boolean;
          /**
           * @description Certificates of your own authority (PEM), trusted beside the public ones.
           * @default
           * @example /etc/ringfence/ca.pem
           * @example /etc/ringfence/ca.pem
           */
          caFile: string;
          /**
           * @description The facility of the messages.
           * @default authpriv
           * @example authpriv
           * @example authpriv
           * @enum {string}
           */
          facility:
            | 'auth'
            | 'authpriv'
            | 'daemon'
            | 'local0'
            | 'local1'
            | 'local2'
            | 'local3'
            | 'local4'
            | 'local5'
            | 'local6'
            | 'local7';
          /**
           * @description attacks: opened, escalated, ended, campaigns. invite-limit: too many INVITEs. report: the daily report. trouble: the firewall’s own.
           * @default [
           *       "attacks",
           *       "invite-limit",
           *       "trouble"
           *     ]
           * @example [attacks, invite-limit]
           * @example [attacks, invite-limit]
           */
          gets: ('attacks' | 'invite-limit' | 'report' | 'trouble')[];
          /**
           * @description More messages than this in an hour become one digest.
           * @default 3600
           * @example 3600
           * @example 3600
           */
          perHourMax: number;
        }[];
        /**
         * @description Programs of your own.
         * @default []
         * @example [{ name: pager, program: tell-me }]
         * @example [{ name: pager, program: tell-me }]
         */
        command: {
          /**
           * @description What the channel is called.
           * @example office
           * @example office
           */
          name: string;
          /**
           * @description A program in /etc/ringfence/notify.d; it gets the notice as JSON on standard input.
           * @example tell-me
           * @example tell-me
           */
          program: string;
          /**
           * @description attacks: opened, escalated, ended, campaigns. invite-limit: too many INVITEs. report: the daily report. trouble: the firewall’s own.
           * @default [
           *       "attacks",
           *       "invite-limit",
           *       "trouble"
           *     ]
           * @example [attacks, invite-limit]
           * @example [attacks, invite-limit]
           */
          gets: ('attacks' | 'invite-limit' | 'report' | 'trouble')[];
          /**
           * @description More messages than this in an hour become one digest.
           * @default 60
           * @example 60
           * @example 60
           */
          perHourMax: number;
        }[];
      };
    };
    PolicyChange: {
      version: number;
      /** @description False: the policy said so already. */
      changed: boolean;
      /** @description The policy file that wins at the next start; null: there is none. */
      file: string | null;
      value?: unknown;
      before?: unknown;
    };
    PolicyEdit: {
      version: number;
      /** @description False: the policy said so already. */
      changed: boolean;
      /** @description The policy file that wins at the next start; null: there is none. */
      file: string | null;
      value?: unknown;
      before?: unknown;
      /** @description The values that were named, in their order. */
      steps: {
        path: string;
        before: unknown;
        after: unknown;
      }[];
    };
    PolicyImport: {
      version: number;
      /** @description False: the policy said so already. */
      changed: boolean;
      /** @description The policy file that wins at the next start; null: there is none. */
      file: string | null;
      value?: unknown;
      before?: unknown;
      /** @description The settings of the file, in its order. */
      steps: {
        /** @description Line of the file, from 1. */
        line: number;
        path: string;
        before: unknown;
        after: unknown;
        /** @description How it was understood. */
        why: string;
      }[];
      /** @description Lines that are no known setting: nothing was done about them. */
      unknown: {
        /** @description Line of the file, from 1. */
        line: number;
        text: string;
      }[];
      /** @description Addresses that the file allows: they are not imported. */
      allow: string[];
      /** @description Addresses that the file denies: they are not imported. */
      deny: string[];
    };
    PolicyDiff: {
      /** @description `version 3`, `the built-in default`, a file’s name. */
      from: string;
      to: string;
      changes: {
        path: string;
        before: unknown;
        after: unknown;
        /** @description Of lists: entries that only `before` has. */
        removed?: unknown[];
        /** @description Of lists: entries that only `after` has. */
        added?: unknown[];
      }[];
    };
    PolicyTrial: {
      /** @description Recorded attacks that were looked at. */
      attacks: number;
      /** @description Sources that would be blocked, and are not today. */
      newlyBlocked: components['schemas']['SourceTrial'][];
      noLongerBlocked: components['schemas']['SourceTrial'][];
      cannotTell: components['schemas']['SourceTrial'][];
      /** @description Sources that fare the same under both. */
      unchanged: number;
      /** @description What this cannot know, one sentence each. */
      limits: string[];
    };
    SourceTrial: {
      /** @description IPv4 or IPv6 address in its canonical text. */
      source: string;
      present: components['schemas']['Fate'];
      changed: components['schemas']['Fate'];
    };
    Fate: {
      /**
       * @description `unknown`: what is recorded does not say.
       * @enum {string}
       */
      outcome: 'blocked' | 'open' | 'unknown';
      /** @description False: by the rate that was seen, not by what was counted. */
      sure: boolean;
      why: string;
    };
    PolicyField: {
      /** @description `detect.flood.threshold`; fields of list items as `feeds[].name`; the whole document is the empty path. */
      path: string;
      /** @enum {string} */
      kind:
        | 'section'
        | 'duration'
        | 'ports'
        | 'integer'
        | 'number'
        | 'boolean'
        | 'choice'
        | 'range'
        | 'ranges'
        | 'agents'
        | 'countries'
        | 'text'
        | 'feeds'
        | 'inviteOverrides'
        | 'overrides'
        | 'thresholds'
        | 'sections'
        | 'choices';
      description: string;
      unit?: string;
      /** @description Durations as text. */
      min?: number | string;
      max?: number | string;
      readonly choices?: string[];
      /** @description Absent: the field must be given. */
      default?: unknown;
      example: string;
    };
    PolicyVersion: {
      /** @description 0: the built-in default. */
      version: number;
      /** @description Milliseconds since the epoch. */
      at: number;
      by: string;
      comment: string;
      current: boolean;
    };
    NotifyChannel: {
      name: string;
      /** @enum {string} */
      kind: 'email' | 'webhook' | 'syslog' | 'command';
      /** @description Server, address or program; never a secret. */
      destination: string;
      recipients: string[];
      /**
       * @description `idle`: nothing was sent yet. `failing`: the last try did not work.
       * @enum {string}
       */
      state: 'idle' | 'fine' | 'failing';
      /**
       * @description `other-destination`: set for another server than the policy names now, and not used.
       * @enum {string}
       */
      secret: 'set' | 'none' | 'other-destination';
      perHourMax: number;
      /** @description Messages of the outbox that wait for their next try. */
      waiting: number;
      /** @description Notices that are held back for the digest. */
      held: number;
      /** @description Milliseconds since the epoch; null: nothing was delivered yet. */
      deliveredAt: number | null;
      /** @description The latest try that did not work; null: none since the last that did. */
      problem: {
        /** @description In the words of the other side. */
        answer: string;
        recipient: string;
        /** @description Milliseconds since the epoch. */
        at: number;
        tries: number;
        /** @description When the message that fails was made, milliseconds since the epoch. */
        since: number;
      } | null;
    };
    NotifyDelivery: {
      id: number;
      notice: string;
      channel: string;
      recipient: string;
      /** @description The same for every try. */
      messageId: string;
      /** @enum {string} */
      state: 'waiting' | 'delivered' | 'refused' | 'given-up';
      /** @description When it was made. */
      at: number;
      tries: number;
      /** @description Milliseconds since the epoch; null: it was not tried yet. */
      triedAt: number | null;
      /** @description How long until the next try; null: there is none. */
      nextInMs: number | null;
      /** @description Why it was let through, or is tried again. */
      reason: string;
      /** @description The last answer of the other side. */
      answer: string | null;
    };
    NotifyTest: {
      channel: string;
      results: {
        recipient: string;
        /** @enum {string} */
        outcome: 'delivered' | 'retry' | 'refused';
        /** @description In the words of the other side. */
        answer: string;
      }[];
    };
    NotifySecret: {
      channel: string;
      /** @enum {string} */
      secret: 'set' | 'none';
      changed: boolean;
    };
    AuditEntry: {
      /** @description Milliseconds since the epoch. */
      at: number;
      who: string;
      /** @description From where: `local socket`, or an address. */
      origin: string;
      /** @description `allow.add`, `deny.import`, `block.lift`, `policy.set` … */
      what: string;
      /** @description Range, address or version that was changed. */
      subject: string;
      /** @description Null: there was nothing. */
      before: unknown;
      /** @description Null: there is nothing any more. */
      after: unknown;
      comment: string;
    };
    Backup: {
      name: string;
      /** @description Where it is, on the machine itself. It is a secret: password hashes and second factors are in it. */
      path: string;
      bytes: number;
      /** @description Milliseconds since the epoch. */
      madeAt: number;
    };
    LiveEvent:
      | {
          /** @constant */
          event: 'status';
          data: components['schemas']['Status'];
        }
      | {
          /** @constant */
          event: 'rates';
          data: components['schemas']['Rates'];
        }
      | {
          /** @constant */
          event: 'incident';
          data: components['schemas']['Incident'];
        }
      | {
          /** @constant */
          event: 'block';
          data: components['schemas']['Block'];
        }
      | {
          /** @constant */
          event: 'unblock';
          data: components['schemas']['Unblock'];
        }
      | {
          /** @constant */
          event: 'gap';
          data: components['schemas']['Gap'];
        };
    Rates: {
      /** @description Milliseconds since the epoch. */
      at: number;
      /** @description SIP requests that reached the protected ports. */
      requestsPerSecond: number;
      /** @description Packets dropped by blocks, denylist and countries; a mean over four seconds. */
      dropsPerSecond: number;
      /** @description Attacks that go on now. */
      attacksOpen: number;
    };
    Unblock: {
      /** @description One phone `203.0.113.9:5062/udp` (`[2001:db8::1]:5062/udp`), an address, or a network `203.0.113.0/24`. */
      target: string;
      /** @description IPv4 or IPv6 address in its canonical text. */
      address: string;
      /** @description Milliseconds since the epoch. */
      at: number;
      /** @enum {string} */
      how: 'expired' | 'lifted';
    };
    Gap: {
      /** @description Changes that were not told; null: nobody knows how many. */
      missed: number | null;
    };
    Session: {
      name: string;
      role: components['schemas']['Role'];
      scopes: components['schemas']['Scope'][];
      secondFactor: boolean;
      /** @description Goes with every change as the header `X-Ringfence-CSRF`. */
      csrf: string;
      /** @description Milliseconds since the epoch. */
      since: number;
      /** @description Then it ends, however much it is used. */
      until: number;
    };
    /**
     * @description A viewer may see everything and change nothing.
     * @enum {string}
     */
    Role: 'administrator' | 'viewer';
    /**
     * @description `read`: see; `act`: blocks and lists; `configure`: policy, countries, feeds; `accounts`: users, tokens.
     * @enum {string}
     */
    Scope: 'read' | 'act' | 'configure' | 'accounts';
    SignInStep: {
      /** @description Null: a code is still wanted. */
      session: components['schemas']['Session'] | null;
      /** @description Goes to `POST /session/second-factor` with the code, within 5 minutes. */
      challenge: string | null;
    };
    RecoveryCodes: {
      /** @description Each is good once. Told this once. */
      recoveryCodes: string[];
    };
    OwnSession: {
      id: number;
      /** @description Milliseconds since the epoch. */
      createdAt: number;
      /** @description Of the last request, to the minute. */
      seenAt: number;
      /** @description IPv4 or IPv6 address in its canonical text. */
      address: string;
      /** @description The browser in its own words. Chosen by a stranger: show it as text. */
      agent: string;
      /** @description This one. */
      current: boolean;
    };
    User: {
      name: string;
      role: components['schemas']['Role'];
      disabled: boolean;
      /** @description False: the link was not used yet. */
      hasPassword: boolean;
      secondFactor: boolean;
      /** @description Milliseconds since the epoch. */
      createdAt: number;
      /** @description Milliseconds since the epoch; null: never. */
      signedInAt: number | null;
    };
    OneTimeLink: {
      /** @description `/setup#…`: goes behind the address of the console. Good once. Told this once. */
      link: string;
      /** @description With the address on the machine itself; null: it is not open there. */
      url: string | null;
      /** @description Milliseconds since the epoch. */
      until: number;
    };
    Token: {
      id: number;
      name: string;
      /** @description It may never do more than this account. Null: made on the machine itself. */
      owner: string | null;
      scopes: components['schemas']['Scope'][];
      /** @description Milliseconds since the epoch. */
      createdAt: number;
      /** @description Milliseconds since the epoch; null: no end. */
      until: number | null;
      /** @description Milliseconds since the epoch; null: never. */
      usedAt: number | null;
    };
  };
  responses: never;
  parameters: never;
  requestBodies: never;
  headers: never;
  pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
  getStatus: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Status'];
        };
      };
      /** @description A problem. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getHealth: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Health'];
        };
      };
      /** @description A problem. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getAbout: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['About'];
        };
      };
      /** @description A problem. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getStatistics: {
    parameters: {
      query?: {
        since?: number;
        until?: number;
        step?: number;
        top?: number;
        order?: 'attacks' | 'packets';
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Statistics'];
        };
      };
      /** @description A problem. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getReport: {
    parameters: {
      query?: {
        /** @description Time zone of the day; left out: the policy’s `notify.timeZone`, or the machine’s. */
        zone?: string;
        /** @description `true`: the latest that was counted will do; `renewing` then says whether a newer one is on its way. */
        kept?: 'true' | 'false';
      };
      header?: never;
      path: {
        /** @description `2026-11-21`, `today` or `yesterday`, in the time zone. */
        day: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ReportPage'];
        };
      };
      /** @description A problem. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getReportHtml: {
    parameters: {
      query?: {
        /** @description Time zone of the day; left out: the policy’s `notify.timeZone`, or the machine’s. */
        zone?: string;
      };
      header?: never;
      path: {
        /** @description `2026-11-21`, `today` or `yesterday`, in the time zone. */
        day: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'text/html; charset=utf-8': unknown;
        };
      };
      /** @description A problem. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getReportText: {
    parameters: {
      query?: {
        /** @description Time zone of the day; left out: the policy’s `notify.timeZone`, or the machine’s. */
        zone?: string;
      };
      header?: never;
      path: {
        /** @description `2026-11-21`, `today` or `yesterday`, in the time zone. */
        day: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'text/plain; charset=utf-8': unknown;
        };
      };
      /** @description A problem. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getReportCsv: {
    parameters: {
      query?: {
        /** @description Time zone of the day; left out: the policy’s `notify.timeZone`, or the machine’s. */
        zone?: string;
      };
      header?: never;
      path: {
        /** @description `2026-11-21`, `today` or `yesterday`, in the time zone. */
        day: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'text/csv; charset=utf-8': unknown;
        };
      };
      /** @description A problem. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getReportChart: {
    parameters: {
      query?: {
        /** @description Time zone of the day; left out: the policy’s `notify.timeZone`, or the machine’s. */
        zone?: string;
        /** @description Which one. */
        chart?: 'hours' | 'countries';
      };
      header?: never;
      path: {
        /** @description `2026-11-21`, `today` or `yesterday`, in the time zone. */
        day: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'image/png': unknown;
        };
      };
      /** @description A problem. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listAttacks: {
    parameters: {
      query?: {
        /** @description With a counted message at or after it, milliseconds since the epoch. */
        since?: number;
        /** @description Begun at or before it. */
        until?: number;
        source?: string;
        victim?: string;
        kind?:
          | 'register-bruteforce'
          | 'auth-bruteforce'
          | 'enumeration'
          | 'scanner-agent'
          | 'scanner-fingerprint'
          | 'invite-limit'
          | 'flood'
          | 'malformed'
          | 'tftp-bruteforce'
          | 'toll-fraud'
          | 'forged-request'
          | 'digest-leak'
          | 'injection'
          | 'slow-bruteforce'
          | 'distributed-bruteforce';
        action?: 'pass' | 'watch' | 'limit' | 'block' | 'deny';
        country?: string;
        asn?: number;
        /** @description `true`: going on; `false`: over. */
        open?: 'true' | 'false';
        /** @description In user agent, users, files, reason or name of the network, in any case. */
        text?: string;
        /** @description A page holds at most 1000. */
        limit?: number;
        /** @description `next` of the page before. */
        cursor?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            items: components['schemas']['Incident'][];
            /** @description `cursor` of the next page; null: that was the last one. */
            next: string | null;
            /** @description How far back the page has looked, a filter at so many attacks at a time. Milliseconds since the epoch; null: through all there are. */
            searchedTo: number | null;
          };
        };
      };
      /** @description A problem. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listAttacksCsv: {
    parameters: {
      query?: {
        /** @description With a counted message at or after it, milliseconds since the epoch. */
        since?: number;
        /** @description Begun at or before it. */
        until?: number;
        source?: string;
        victim?: string;
        kind?:
          | 'register-bruteforce'
          | 'auth-bruteforce'
          | 'enumeration'
          | 'scanner-agent'
          | 'scanner-fingerprint'
          | 'invite-limit'
          | 'flood'
          | 'malformed'
          | 'tftp-bruteforce'
          | 'toll-fraud'
          | 'forged-request'
          | 'digest-leak'
          | 'injection'
          | 'slow-bruteforce'
          | 'distributed-bruteforce';
        action?: 'pass' | 'watch' | 'limit' | 'block' | 'deny';
        country?: string;
        asn?: number;
        /** @description `true`: going on; `false`: over. */
        open?: 'true' | 'false';
        /** @description In user agent, users, files, reason or name of the network, in any case. */
        text?: string;
        /** @description Rows at most; left out: all. */
        limit?: number;
        /** @description Begin with a byte order mark, for Excel. */
        bom?: 'true' | 'false';
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The whole list. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'text/csv; charset=utf-8': string;
        };
      };
      /** @description A problem. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getAttack: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description As the list has it. */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Attack'];
        };
      };
      /** @description A problem. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getAttackPcap: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description As the list has it. */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/vnd.tcpdump.pcap': unknown;
        };
      };
      /** @description A problem. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listViews: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            items: components['schemas']['SavedView'][];
            /** @description `cursor` of the next page; null: that was the last one. */
            next: string | null;
          };
        };
      };
      /** @description A problem. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  saveView: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          name: string;
          filter: {
            [key: string]: string;
          };
        };
      };
    };
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['SavedView'];
        };
      };
      /** @description A problem. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  removeView: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description As the list has it. */
        name: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            name: string;
          };
        };
      };
      /** @description A problem. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listBlocks: {
    parameters: {
      query?: {
        /** @description Blocks of these addresses and their phones, and networks around them. */
        source?: string;
        /** @description `port`: one phone; `address`; `network`. */
        scope?: 'port' | 'address' | 'network';
        /** @description In target or reason, in any case. */
        text?: string;
        permanent?: 'true' | 'false';
        origin?: 'automatic' | 'manual' | 'kernel';
        /** @description A page holds at most 5000. */
        limit?: number;
        /** @description `next` of the page before. */
        cursor?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            items: components['schemas']['Block'][];
            /** @description `cursor` of the next page; null: that was the last one. */
            next: string | null;
            total: number;
          };
        };
      };
      /** @description A problem. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  addBlock: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          address: string;
          durationMs?: number | null;
          /** @default  */
          reason?: string;
          /** @default false */
          yes?: boolean;
        };
      };
    };
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Block'];
        };
      };
      /** @description A problem. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listBlocksCsv: {
    parameters: {
      query?: {
        /** @description Blocks of these addresses and their phones, and networks around them. */
        source?: string;
        /** @description `port`: one phone; `address`; `network`. */
        scope?: 'port' | 'address' | 'network';
        /** @description In target or reason, in any case. */
        text?: string;
        permanent?: 'true' | 'false';
        origin?: 'automatic' | 'manual' | 'kernel';
        /** @description Rows at most; left out: all. */
        limit?: number;
        /** @description Begin with a byte order mark, for Excel. */
        bom?: 'true' | 'false';
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The whole list. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'text/csv; charset=utf-8': string;
        };
      };
      /** @description A problem. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  extendBlock: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          address: string;
          durationMs: number | null;
        };
      };
    };
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Block'];
        };
      };
      /** @description A problem. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  promoteBlock: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          address: string;
          /** @enum {string} */
          to: 'allow' | 'deny';
          comment?: string;
          /** @default false */
          yes?: boolean;
        };
      };
    };
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Promotion'];
        };
      };
      /** @description A problem. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  removeBlock: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description IPv4 or IPv6. */
        address: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            /** @description The target, as it was asked for. */
            address: string;
            /** @constant */
            lifted: true;
          };
        };
      };
      /** @description A problem. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  explainAddress: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description IPv4 or IPv6. */
        address: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Explanation'];
        };
      };
      /** @description A problem. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listEntries: {
    parameters: {
      query?: {
        cursor?: number;
        limit?: number;
        filter?: string;
        overlaps?: 'true' | 'false';
      };
      header?: never;
      path: {
        list: 'allow' | 'deny';
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            items: components['schemas']['ListedEntry'][];
            /** @description `cursor` of the next page; null: that was the last one. */
            next: string | null;
            /** @description Entries of the whole list. */
            total: number;
          };
        };
      };
      /** @description A problem. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  addListEntry: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        list: 'allow' | 'deny';
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          range: string;
          comment?: string;
          until?: number | null;
          /** @default false */
          yes?: boolean;
        };
      };
    };
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ListAddition'];
        };
      };
      /** @description A problem. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listEntriesCsv: {
    parameters: {
      query?: {
        filter?: string;
        /** @description Rows at most; left out: all. */
        limit?: number;
        /** @description Begin with a byte order mark, for Excel. */
        bom?: 'true' | 'false';
      };
      header?: never;
      path: {
        list: 'allow' | 'deny';
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The whole list. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'text/csv; charset=utf-8': string;
        };
      };
      /** @description A problem. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  removeListEntry: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        list: 'allow' | 'deny';
        /** @description As the list has it, percent-encoded: `192.0.2.0%2F24`. */
        range: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            /** @description `192.0.2.1`, `192.0.2.0/24`, `192.0.2.1-192.0.2.9` or the same in IPv6; on the allowlist also a host name. */
            range: string;
          };
        };
      };
      /** @description A problem. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  importFile: {
    parameters: {
      query?: {
        /** @description For the audit log. */
        fileName?: string;
        /** @description Only say what would be added, changed and refused. */
        dryRun?: 'true' | 'false';
        /** @description Leave bad lines out; without it a file with errors changes nothing. */
        skipBad?: 'true' | 'false';
        /** @description Of a file with several sets only these. */
        set?: string | string[];
        /** @description Of a file with several sets all. */
        allSets?: 'true' | 'false';
        /** @description Take entries wider than /8 (IPv6: /7). */
        allowWide?: 'true' | 'false';
        /** @description Left out: recognised by content. */
        format?: 'csv' | 'plain' | 'ipset' | 'nft' | 'nft-json' | 'fail2ban' | 'sipprot';
        /** @description Left out: by the byte order mark, else UTF-8. */
        encoding?: 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252';
        /** @description Also when somebody would be shut out. */
        yes?: 'true' | 'false';
      };
      header?: never;
      path: {
        list: 'allow' | 'deny';
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'text/csv': unknown;
        'text/plain': unknown;
        'application/octet-stream': unknown;
      };
    };
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['FileImport'];
        };
      };
      /** @description A problem. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  beginImport: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        list: 'allow' | 'deny';
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          /** @default  */
          subject?: string;
        };
      };
    };
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            id: number;
          };
        };
      };
      /** @description A problem. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  addImportEntries: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description As the list has it. */
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          entries: {
            range: string;
            comment?: string;
            until?: number | null;
            addedBy?: string;
            addedAt?: number;
          }[];
          /** @default 0 */
          show?: number;
        };
      };
    };
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ImportChunk'];
        };
      };
      /** @description A problem. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  endImport: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description As the list has it. */
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          /** @default false */
          dryRun?: boolean;
          /** @default false */
          yes?: boolean;
        };
      };
    };
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ImportOutcome'];
        };
      };
      /** @description A problem. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  abortImport: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description As the list has it. */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            /** @constant */
            aborted: true;
          };
        };
      };
      /** @description A problem. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listFeeds: {
    parameters: {
      query?: {
        limit?: number;
        /** @description Only items with this text in one of their values, in any case. */
        text?: string;
        /** @description `next` of the page before. */
        cursor?: number;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            items: components['schemas']['Feed'][];
            /** @description `cursor` of the next page; null: that was the last one. */
            next: string | null;
            hostNames: components['schemas']['HostName'][];
          };
        };
      };
      /** @description A problem. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  putFeed: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          name: string;
          url?: string;
          file?: string;
          /** @enum {string} */
          action?: 'block' | 'watch';
          every?: string;
          /** @default false */
          yes?: boolean;
        };
      };
    };
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['FeedChange'];
        };
      };
      /** @description A problem. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listFeedsCsv: {
    parameters: {
      query?: {
        /** @description Only items with this text in one of their values, in any case. */
        text?: string;
        /** @description Rows at most; left out: all. */
        limit?: number;
        /** @description Begin with a byte order mark, for Excel. */
        bom?: 'true' | 'false';
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The whole list. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'text/csv; charset=utf-8': string;
        };
      };
      /** @description A problem. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  refreshFeeds: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Feed'][];
        };
      };
      /** @description A problem. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getFeed: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description As the list has it. */
        name: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['FeedDetail'];
        };
      };
      /** @description A problem. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  removeFeed: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description As the list has it. */
        name: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['FeedChange'];
        };
      };
      /** @description A problem. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  refreshFeed: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description As the list has it. */
        name: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Feed'][];
        };
      };
      /** @description A problem. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getGeoStatus: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['GeoStatus'];
        };
      };
      /** @description A problem. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listCountries: {
    parameters: {
      query?: {
        limit?: number;
        /** @description Only items with this text in one of their values, in any case. */
        text?: string;
        /** @description `next` of the page before. */
        cursor?: number;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            items: components['schemas']['Country'][];
            /** @description `cursor` of the next page; null: that was the last one. */
            next: string | null;
          };
        };
      };
      /** @description A problem. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listCountriesCsv: {
    parameters: {
      query?: {
        /** @description Only items with this text in one of their values, in any case. */
        text?: string;
        /** @description Rows at most; left out: all. */
        limit?: number;
        /** @description Begin with a byte order mark, for Excel. */
        bom?: 'true' | 'false';
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The whole list. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'text/csv; charset=utf-8': string;
        };
      };
      /** @description A problem. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  lookupAddresses: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          addresses: string[];
        };
      };
    };
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['GeoLookup'][];
        };
      };
      /** @description A problem. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  updateGeo: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          file?: string;
          /** @default false */
          acceptLoss?: boolean;
        };
      };
    };
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['GeoUpdate'];
        };
      };
      /** @description A problem. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  previewCountries: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          /** @enum {string} */
          mode?: 'off' | 'block' | 'allow';
          list?: string[];
          /** @enum {string} */
          unknown?: 'pass' | 'block';
          since?: number;
        };
      };
    };
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['GeoPreview'];
        };
      };
      /** @description A problem. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getPolicy: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Policy'];
        };
      };
      /** @description A problem. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  applyPolicy: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          name: string;
          text: string;
          /** @default  */
          comment?: string;
          /** @default false */
          yes?: boolean;
        };
      };
    };
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['PolicyChange'];
        };
      };
      /** @description A problem. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getPolicyValue: {
    parameters: {
      query: {
        path: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            path: string;
            value: unknown;
          };
        };
      };
      /** @description A problem. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  setPolicyValue: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          path: string;
          value: string;
          /** @default  */
          comment?: string;
          /** @default false */
          yes?: boolean;
        };
      };
    };
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['PolicyChange'];
        };
      };
      /** @description A problem. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  editPolicy: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          changes: {
            path: string;
            value: string;
          }[];
          /** @default  */
          comment?: string;
          /** @default false */
          dryRun?: boolean;
          /** @default false */
          yes?: boolean;
        };
      };
    };
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['PolicyEdit'];
        };
      };
      /** @description A problem. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  importPolicy: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          /** @default sipprot.conf */
          name?: string;
          text: string;
          /** @default  */
          comment?: string;
          /** @default false */
          dryRun?: boolean;
          /** @default false */
          yes?: boolean;
        };
      };
    };
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['PolicyImport'];
        };
      };
      /** @description A problem. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  diffPolicy: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          from?: number;
          to?: number;
          /** @default file */
          name?: string;
          text?: string;
        };
      };
    };
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['PolicyDiff'];
        };
      };
      /** @description A problem. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  tryPolicy: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          /** @default file */
          name?: string;
          text?: string;
          changes?: {
            path: string;
            value: string;
          }[];
          since?: number;
        };
      };
    };
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['PolicyTrial'];
        };
      };
      /** @description A problem. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listPolicyFields: {
    parameters: {
      query?: {
        limit?: number;
        /** @description Only items with this text in one of their values, in any case. */
        text?: string;
        /** @description `next` of the page before. */
        cursor?: number;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            items: components['schemas']['PolicyField'][];
            /** @description `cursor` of the next page; null: that was the last one. */
            next: string | null;
          };
        };
      };
      /** @description A problem. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listPolicyFieldsCsv: {
    parameters: {
      query?: {
        /** @description Only items with this text in one of their values, in any case. */
        text?: string;
        /** @description Rows at most; left out: all. */
        limit?: number;
        /** @description Begin with a byte order mark, for Excel. */
        bom?: 'true' | 'false';
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The whole list. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'text/csv; charset=utf-8': string;
        };
      };
      /** @description A problem. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listPolicyVersions: {
    parameters: {
      query?: {
        limit?: number;
        /** @description Only items with this text in one of their values, in any case. */
        text?: string;
        /** @description `next` of the page before. */
        cursor?: number;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            items: components['schemas']['PolicyVersion'][];
            /** @description `cursor` of the next page; null: that was the last one. */
            next: string | null;
          };
        };
      };
      /** @description A problem. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listPolicyVersionsCsv: {
    parameters: {
      query?: {
        /** @description Only items with this text in one of their values, in any case. */
        text?: string;
        /** @description Rows at most; left out: all. */
        limit?: number;
        /** @description Begin with a byte order mark, for Excel. */
        bom?: 'true' | 'false';
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The whole list. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'text/csv; charset=utf-8': string;
        };
      };
      /** @description A problem. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getPolicyVersion: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description 0: the built-in default. */
        version: number;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Policy'];
        };
      };
      /** @description A problem. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  rollbackPolicy: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          version: number;
          /** @default false */
          yes?: boolean;
        };
      };
    };
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['PolicyChange'];
        };
      };
      /** @description A problem. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listNotifyChannels: {
    parameters: {
      query?: {
        limit?: number;
        /** @description Only items with this text in one of their values, in any case. */
        text?: string;
        /** @description `next` of the page before. */
        cursor?: number;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            items: components['schemas']['NotifyChannel'][];
            /** @description `cursor` of the next page; null: that was the last one. */
            next: string | null;
          };
        };
      };
      /** @description A problem. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listNotifyChannelsCsv: {
    parameters: {
      query?: {
        /** @description Only items with this text in one of their values, in any case. */
        text?: string;
        /** @description Rows at most; left out: all. */
        limit?: number;
        /** @description Begin with a byte order mark, for Excel. */
        bom?: 'true' | 'false';
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The whole list. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'text/csv; charset=utf-8': string;
        };
      };
      /** @description A problem. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listNotifyDeliveries: {
    parameters: {
      query?: {
        channel?: string;
        state?: 'waiting' | 'delivered' | 'refused' | 'given-up';
        limit?: number;
        /** @description `next` of the page before. */
        cursor?: number;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            items: components['schemas']['NotifyDelivery'][];
            /** @description `cursor` of the next page; null: that was the last one. */
            next: string | null;
          };
        };
      };
      /** @description A problem. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listNotifyDeliveriesCsv: {
    parameters: {
      query?: {
        channel?: string;
        state?: 'waiting' | 'delivered' | 'refused' | 'given-up';
        /** @description Rows at most; left out: all. */
        limit?: number;
        /** @description Begin with a byte order mark, for Excel. */
        bom?: 'true' | 'false';
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The whole list. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'text/csv; charset=utf-8': string;
        };
      };
      /** @description A problem. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  testNotifyChannel: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description As the list has it. */
        name: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['NotifyTest'];
        };
      };
      /** @description A problem. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  setNotifySecret: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description As the list has it. */
        name: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          secret: string;
        };
      };
    };
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['NotifySecret'];
        };
      };
      /** @description A problem. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  removeNotifySecret: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description As the list has it. */
        name: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['NotifySecret'];
        };
      };
      /** @description A problem. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listAudit: {
    parameters: {
      query?: {
        since?: number;
        until?: number;
        what?: string;
        who?: string;
        /** @description In subject or comment, in any case. */
        text?: string;
        /** @description A page holds at most 1000. */
        limit?: number;
        /** @description `next` of the page before. */
        cursor?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            items: components['schemas']['AuditEntry'][];
            /** @description `cursor` of the next page; null: that was the last one. */
            next: string | null;
          };
        };
      };
      /** @description A problem. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listAuditCsv: {
    parameters: {
      query?: {
        since?: number;
        until?: number;
        what?: string;
        who?: string;
        /** @description In subject or comment, in any case. */
        text?: string;
        /** @description Rows at most; left out: all. */
        limit?: number;
        /** @description Begin with a byte order mark, for Excel. */
        bom?: 'true' | 'false';
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The whole list. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'text/csv; charset=utf-8': string;
        };
      };
      /** @description A problem. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listEvents: {
    parameters: {
      query?: {
        since?: number;
        until?: number;
        level?: 'info' | 'warning' | 'error';
        /** @description In code or text, in any case. */
        text?: string;
        limit?: number;
        /** @description `next` of the page before. */
        cursor?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            items: components['schemas']['Event'][];
            /** @description `cursor` of the next page; null: that was the last one. */
            next: string | null;
          };
        };
      };
      /** @description A problem. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listEventsCsv: {
    parameters: {
      query?: {
        since?: number;
        until?: number;
        level?: 'info' | 'warning' | 'error';
        /** @description In code or text, in any case. */
        text?: string;
        /** @description Rows at most; left out: all. */
        limit?: number;
        /** @description Begin with a byte order mark, for Excel. */
        bom?: 'true' | 'false';
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The whole list. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'text/csv; charset=utf-8': string;
        };
      };
      /** @description A problem. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listBackups: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            items: components['schemas']['Backup'][];
            /** @description `cursor` of the next page; null: that was the last one. */
            next: string | null;
          };
        };
      };
      /** @description A problem. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  makeBackup: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Backup'];
        };
      };
      /** @description A problem. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  removeBackup: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description As the list has it. */
        name: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            name: string;
          };
        };
      };
      /** @description A problem. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  restoreBackup: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description As the list has it. */
        name: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          yes?: boolean;
        };
      };
    };
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            name: string;
            /** @description Milliseconds since the epoch. */
            madeAt: number;
          };
        };
      };
      /** @description A problem. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  live: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Events, for as long as somebody listens. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'text/event-stream': components['schemas']['LiveEvent'];
        };
      };
      /** @description A problem. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getSession: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Session'];
        };
      };
      /** @description A problem. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  signIn: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          name: string;
          password: string;
        };
      };
    };
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['SignInStep'];
        };
      };
      /** @description A problem. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  signOut: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            signedOut: boolean;
          };
        };
      };
      /** @description A problem. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  signInWithCode: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          challenge: string;
          code: string;
        };
      };
    };
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['SignInStep'];
        };
      };
      /** @description A problem. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getSetup: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            /** @description The first account is still to be made, with the link that the daemon printed. */
            open: boolean;
          };
        };
      };
      /** @description A problem. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  useLink: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          link: string;
          /** @default null */
          name?: string | null;
          password: string;
        };
      };
    };
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['SignInStep'];
        };
      };
      /** @description A problem. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  checkLink: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          link: string;
        };
      };
    };
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            /** @description Null: the first account, whose name you choose. */
            name: string | null;
            /** @description Milliseconds since the epoch. */
            until: number;
          };
        };
      };
      /** @description A problem. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  changePassword: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          password: string;
          next: string;
        };
      };
    };
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Session'];
        };
      };
      /** @description A problem. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  beginSecondFactor: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          password: string;
        };
      };
    };
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            /** @description Base32, to type in. */
            secret: string;
            /** @description `otpauth://…`, for a QR code. */
            url: string;
          };
        };
      };
      /** @description A problem. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  confirmSecondFactor: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          code: string;
        };
      };
    };
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['RecoveryCodes'];
        };
      };
      /** @description A problem. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  removeSecondFactor: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          password: string;
        };
      };
    };
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            secondFactor: boolean;
          };
        };
      };
      /** @description A problem. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  renewRecoveryCodes: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          password: string;
        };
      };
    };
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['RecoveryCodes'];
        };
      };
      /** @description A problem. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listSessions: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            items: components['schemas']['OwnSession'][];
            /** @description `cursor` of the next page; null: that was the last one. */
            next: string | null;
          };
        };
      };
      /** @description A problem. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  revokeSession: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description As the list has it. */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            removed: boolean;
          };
        };
      };
      /** @description A problem. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listUsers: {
    parameters: {
      query?: {
        limit?: number;
        /** @description Only items with this text in one of their values, in any case. */
        text?: string;
        /** @description `next` of the page before. */
        cursor?: number;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            items: components['schemas']['User'][];
            /** @description `cursor` of the next page; null: that was the last one. */
            next: string | null;
          };
        };
      };
      /** @description A problem. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  addUser: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          name: string;
          /** @enum {string} */
          role: 'administrator' | 'viewer';
        };
      };
    };
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['OneTimeLink'];
        };
      };
      /** @description A problem. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listUsersCsv: {
    parameters: {
      query?: {
        /** @description Only items with this text in one of their values, in any case. */
        text?: string;
        /** @description Rows at most; left out: all. */
        limit?: number;
        /** @description Begin with a byte order mark, for Excel. */
        bom?: 'true' | 'false';
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The whole list. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'text/csv; charset=utf-8': string;
        };
      };
      /** @description A problem. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  removeUser: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description As the list has it. */
        name: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            removed: boolean;
          };
        };
      };
      /** @description A problem. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  changeUser: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description As the list has it. */
        name: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          /** @enum {string} */
          role?: 'administrator' | 'viewer';
          disabled?: boolean;
        };
      };
    };
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['User'];
        };
      };
      /** @description A problem. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  resetUser: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description As the list has it. */
        name: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          /** @default false */
          removesSecondFactor?: boolean;
        };
      };
    };
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['OneTimeLink'];
        };
      };
      /** @description A problem. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  makeFirstLink: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            link: components['schemas']['OneTimeLink'] | null;
          };
        };
      };
      /** @description A problem. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listTokens: {
    parameters: {
      query?: {
        limit?: number;
        /** @description Only items with this text in one of their values, in any case. */
        text?: string;
        /** @description `next` of the page before. */
        cursor?: number;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            items: components['schemas']['Token'][];
            /** @description `cursor` of the next page; null: that was the last one. */
            next: string | null;
          };
        };
      };
      /** @description A problem. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  addToken: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          name: string;
          scopes: ('read' | 'act' | 'configure' | 'accounts')[];
          /** @default null */
          until?: number | null;
        };
      };
    };
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            token: components['schemas']['Token'];
            secret: string;
          };
        };
      };
      /** @description A problem. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listTokensCsv: {
    parameters: {
      query?: {
        /** @description Only items with this text in one of their values, in any case. */
        text?: string;
        /** @description Rows at most; left out: all. */
        limit?: number;
        /** @description Begin with a byte order mark, for Excel. */
        bom?: 'true' | 'false';
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The whole list. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'text/csv; charset=utf-8': string;
        };
      };
      /** @description A problem. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  removeToken: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description As the list has it. */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            removed: boolean;
          };
        };
      };
      /** @description A problem. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
}
