package limit

// These are the limits on what callers may do. Quotas that operators set are settings instead.
const (
	// MaxBody is the maximum size of a request's body in bytes, to user databases and to the global one;
	// only an operator's upload of a backup may be larger. Users never upload files, because the server
	// fetches recordings itself. Decoding JSON takes about thirty times its size in memory.
	MaxBody = 1 << 20

	// WebhooksPerSecond and WebhookBurst apply to the messages to one endpoint for Fathom's webhooks, and the others to
	// the messages from one network to endpoints that don't exist.
	WebhooksPerSecond        = 2
	WebhookBurst             = 120
	UnknownWebhooksPerSecond = 1
	UnknownWebhookBurst      = 60

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

	// MaxPinsPerNetwork limits how many databases the requests from one network may keep open at the same
	// time, so that one person with many accounts can't use up USER_DB_MAX_OPEN.
	MaxPinsPerNetwork = 100

	// MaxStreams and MaxStreamsPerNetwork apply to realtime streams to the global database. Every open web
	// app has one, and opening one needs no session.
	MaxStreams           = 20_000
	MaxStreamsPerNetwork = 200

	// MaxAnonymousStreams and MaxAnonymousStreamsPerNetwork apply to streams to user databases that don't
	// subscribe yet. Anyone can open one; a real client subscribes within a fraction of a second.
	MaxAnonymousStreams           = 2000
	MaxAnonymousStreamsPerNetwork = 50

	// MaxStreamsPerUser is how many streams with subscriptions a user may have open to one kind of
	// PocketBase: to their own database, and again to the global one.
	MaxStreamsPerUser = 20

	// MaxSubscriptions applies to one stream. PocketBase evaluates every subscription at every change of a
	// record, whoever the record belongs to.
	MaxSubscriptions = 25

	// MaxSubscriptionsPerUser applies to all streams of a user to one kind of PocketBase. A subscription with
	// options, such as a filter, counts as five.
	MaxSubscriptionsPerUser = 250

	// MaxExports and MaxExportsPerNetwork apply to exports that run at the same time. Each keeps a copy of
	// its database on disk until the client has received it.
	MaxExports           = 32
	MaxExportsPerNetwork = 4

	// MaxBundles and MaxBundlesPerUser apply to bundles that are sent at the same time. Each holds a meeting with its
	// transcript in memory.
	MaxBundles        = 32
	MaxBundlesPerUser = 3

	// MaxSelectedMeetings is how many meetings a request for a bundle can select one by one, and MaxSelectedTransfers a
	// request to transfer them. A filter has no limit.
	MaxSelectedMeetings  = 200
	MaxSelectedTransfers = 2000

	// APIRequestsPerSecond and APIRequestBurst apply to requests to the global database, of each user or, without a
	// sign-in, of each network.
	APIRequestsPerSecond = 60
	APIRequestBurst      = 600

	// RefusalsPerSecond and RefusalBurst apply to requests to user databases from one network that are refused for want of
	// a valid session. They cost little more than checking a signature.
	RefusalsPerSecond = 200
	RefusalBurst      = 10_000

	// UnknownTokensPerSecond and UnknownTokenBurst apply to the API tokens from one network that have the right format but
	// don't exist, each of which costs a query, and NewTokensPerSecond and NewTokenBurst to the tokens that a user creates.
	UnknownTokensPerSecond = 1
	UnknownTokenBurst      = 60
	NewTokensPerSecond     = 1.0 / 60
	NewTokenBurst          = 30

	// NewSharesPerSecond and NewShareBurst apply to the links to recordings that a user creates.
	NewSharesPerSecond = 0.1
	NewShareBurst      = 60

	// SharePagesPerSecond and SharePageBurst apply to the pages of shared recordings, with their captions and posters, that
	// one network requests, and ShareBytesPerSecond and ShareByteBurst to its requests for the bytes of videos, of which a
	// player sends one whenever somebody seeks. An office behind one address may watch a recording at the same time.
	SharePagesPerSecond = 10
	SharePageBurst      = 300
	ShareBytesPerSecond = 30
	ShareByteBurst      = 600

	// MaxShareStreams and MaxShareStreamsPerNetwork apply to the videos that are sent at the same time, and MaxSharePages
	// and MaxSharePagesPerNetwork to the pages, each of which holds a transcript in memory.
	MaxShareStreams           = 1000
	MaxShareStreamsPerNetwork = 100
	MaxSharePages             = 32
	MaxSharePagesPerNetwork   = 8

	// SharePasswordsPerSecond and SharePasswordBurst apply to the passwords of links that one network enters, and
	// MaxShareFailuresPerHour to the wrong ones of one link from all networks together.
	SharePasswordsPerSecond = 0.2
	SharePasswordBurst      = 20
	MaxShareFailuresPerHour = 60

	// OAuthRequestsPerSecond and OAuthRequestBurst apply to the requests of assistants from one network for tokens and
	// registrations. Many people's assistants run in the networks of a few companies. ConsentsPerSecond and ConsentBurst
	// apply to the decisions of a user about assistants. ClientDocumentsPerSecond and ClientDocumentBurst apply to the
	// documents of assistants that the server fetches for one user, and the others to those for all users together.
	OAuthRequestsPerSecond      = 20
	OAuthRequestBurst           = 600
	ConsentsPerSecond           = 1.0 / 60
	ConsentBurst                = 30
	ClientDocumentsPerSecond    = 0.1
	ClientDocumentBurst         = 10
	AllClientDocumentsPerSecond = 5
	AllClientDocumentBurst      = 50

	// StaticFilesPerSecond and StaticFileBurst apply to requests for files of the web app and the admin UI from one
	// network. Opening the web app takes some 60 of them, and 50 people may share a network.
	StaticFilesPerSecond = 200
	StaticFileBurst      = 4000

	// CredentialChecksPerSecond and CredentialCheckBurst apply to sign-ins, sign-ups and confirmations of one network,
	// each of which costs the server the hash of a password, and to requests for mail.
	CredentialChecksPerSecond = 2
	CredentialCheckBurst      = 40

	// MaxFailuresPerHour is how many wrong passwords of one account are tolerated in an hour, from all networks
	// together. Above it, only networks from which its owner has signed in may try.
	MaxFailuresPerHour = 100

	// MailsPerHour and MailBurst apply to the requests for mail from one network, AccountMailsPerHour and
	// AccountMailBurst to those of one user, and MailInterval is the time in seconds between two mails of one
	// kind to one address.
	MailsPerHour        = 10
	MailBurst           = 10
	AccountMailsPerHour = 5
	AccountMailBurst    = 5
	MailInterval        = 600

	// CodeInterval is the time in seconds between two codes for the second step of one account's sign-ins. Only somebody
	// who knows the password causes them. CodesPerHour and CodeBurst apply to those of one account. CodeFailuresPerHour
	// is how many wrong codes of one account are tolerated on its own page.
	CodeInterval        = 30
	CodesPerHour        = 20
	CodeBurst           = 10
	CodeFailuresPerHour = 10

	// AccountChangesPerSecond and AccountChangeBurst apply to changes of a user's own account.
	AccountChangesPerSecond = 1
	AccountChangeBurst      = 10

	// JobsPerSecond and JobBurst apply to the jobs that a user creates, in batches or one by one.
	JobsPerSecond = 2000.0 / 60
	JobBurst      = 2000

	// SecretChangesPerSecond and SecretChangeBurst apply to the secrets that a user saves in connections, and
	// ConnectionChecksPerSecond and ConnectionCheckBurst to the checks of all users together, because the server
	// checks secrets with Fathom from its own address.
	SecretChangesPerSecond    = 0.1
	SecretChangeBurst         = 5
	ConnectionChecksPerSecond = 5
	ConnectionCheckBurst      = 20

	// LoomCallsPerSecond and LoomCallBurst apply to the requests of a user that make this server call Atlassian: sign-ins,
	// checks, other sites and lists of folders.
	LoomCallsPerSecond = 0.1
	LoomCallBurst      = 10

	// ShareLinksPerSecond and ShareLinkBurst apply to each user, because the server checks share links with
	// Loom from its own address.
	ShareLinksPerSecond = 1
	ShareLinkBurst      = 60

	// PostersPerSecond and PosterBurst apply to each user, because the server encodes each poster again.
	PostersPerSecond = 1
	PosterBurst      = 20

	// MaxShareLinks is how many share links a pasted text may contain.
	MaxShareLinks = 50

	// MaxJobIDs is how many job ids a request may contain. A selection by kind or status has no limit.
	MaxJobIDs = 1000

	// MaxPreferences is far more preferences than the web app needs.
	MaxPreferences = 200
)
