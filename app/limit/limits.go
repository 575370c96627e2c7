package limit

// These are the limits on what callers may do. Quotas that operators set are settings instead.
const (
	// MaxBody is the maximum size of a request's body in bytes, to user databases and to the global one;
	// only an operator's upload of a backup may be larger. Users never upload files, because the server
	// fetches recordings itself. Decoding JSON takes about thirty times its size in memory.
	MaxBody = 1 << 20

	// RequestsPerSecond and RequestBurst apply to the requests of a user or superuser to user databases.
	RequestsPerSecond = 100
	RequestBurst      = 200

	// MaxRequestsPerUser limits the requests and downloads of one user that run at the same time.
	MaxRequestsPerUser = 50

	// MaxListsPerUser limits the requests of one user that run at the same time and list records or expand
	// relations. Further ones wait.
	MaxListsPerUser = 4

	// MaxRecordBytes and MaxRecordBytesPerUser limit the size of the records that requests have read and not
	// yet sent. Decoding and encoding a record takes about five times its size in memory.
	MaxRecordBytes        = 96 << 20
	MaxRecordBytesPerUser = 64 << 20

	// MaxExpandsPerBatch is how many requests of a batch may expand relations.
	MaxExpandsPerBatch = 5

	// MaxPinsPerAddress limits how many databases the requests from one address may keep open at the same
	// time, so that one person with many accounts can't use up USER_DB_MAX_OPEN.
	MaxPinsPerAddress = 100

	// MaxStreams and MaxStreamsPerAddress apply to realtime streams to the global database. Every open web
	// app has one, and opening one needs no session.
	MaxStreams           = 20_000
	MaxStreamsPerAddress = 200

	// MaxAnonymousStreams and MaxAnonymousStreamsPerAddress apply to streams to user databases that don't
	// subscribe yet. Anyone can open one; a real client subscribes within a fraction of a second.
	MaxAnonymousStreams           = 2000
	MaxAnonymousStreamsPerAddress = 50

	// MaxStreamsPerUser is how many streams with subscriptions a user may have open to one kind of
	// PocketBase: to their own database, and again to the global one.
	MaxStreamsPerUser = 20

	// MaxSubscriptions applies to one stream. PocketBase evaluates every subscription at every change of a
	// record, whoever the record belongs to.
	MaxSubscriptions = 25

	// MaxSubscriptionsPerUser applies to all streams of a user to one kind of PocketBase. A subscription with
	// options, such as a filter, counts as five.
	MaxSubscriptionsPerUser = 250

	// MaxExports and MaxExportsPerAddress apply to exports that run at the same time. Each keeps a copy of
	// its database on disk until the client has received it.
	MaxExports           = 32
	MaxExportsPerAddress = 4

	// ShareLinksPerSecond and ShareLinkBurst apply to each user, because the server checks share links with
	// Loom from its own address.
	ShareLinksPerSecond = 1
	ShareLinkBurst      = 20

	// MaxJobIDs is how many job ids a request may contain. A selection by kind or status has no limit.
	MaxJobIDs = 1000

	// MaxPreferences is far more preferences than the web app needs.
	MaxPreferences = 200
)
