// The records of both PocketBases, with the fields that this app reads.

/**
 * @typedef {object} LiveRecord
 * @property {string} id
 * @property {string} created
 * @property {string} updated
 */

/**
 * A session of a user database, as the server returns it. `token` is valid until `expires`.
 * @typedef {object} DatabaseSession
 * @property {string} name
 * @property {string} url
 * @property {string} token
 * @property {string} expires
 */

/** @typedef {'pending'|'processing'|'completed'|'failed'|'dead'|'cancelled'} JobStatus */

/**
 * @typedef {LiveRecord & {
 *   kind: string, payload: Record<string, any>, status: JobStatus, stage: string, progress: number,
 *   attempts: number, error: string, result: any, run_at: string, started_at: string, finished_at: string,
 *   cancel_requested: boolean, history: Attempt[] | null,
 * }} Job
 */

/** A job's place in the queue, from 1, and how many jobs of the same user and kind are ahead; both are 0 if that is unknown. @typedef {{position: number, ahead: number}} QueuePlace */

/**
 * An API token, without its text.
 * @typedef {object} APIToken
 * @property {string} id
 * @property {string} name
 * @property {string} client the host of the assistant that the user gave access; blank for tokens that the user created
 * @property {string[]} scopes
 * @property {string} prefix the first characters
 * @property {string} created
 * @property {string} expires
 * @property {string} last_used blank if it was never used
 * @property {string} last_address of the client that used it
 */

/**
 * A link under which others see a recording.
 * @typedef {object} SharedLink
 * @property {string} id
 * @property {number} recording_id
 * @property {string} url blank if the server can't decrypt it
 * @property {boolean} password whether viewers need one
 * @property {boolean} title whether viewers see it
 * @property {boolean} summary
 * @property {boolean} transcript
 * @property {string} created
 * @property {string} expires
 * @property {string} ended when the recording was deleted; blank before
 * @property {number} views
 */

/**
 * What a user decides about an assistant.
 * @typedef {object} AssistantQuestion
 * @property {string} decision what the server needs back
 * @property {string} name how the assistant calls itself; may be blank
 * @property {string} host where its description is; blank if it has none
 * @property {string} redirect_host where access is sent
 * @property {boolean} is_local access is sent to a program on this computer
 * @property {string} ends
 */

/**
 * Something that happened to the account, `count` times within an hour.
 * @typedef {object} ActivityEvent
 * @property {string} id
 * @property {string} event
 * @property {string} detail such as a provider
 * @property {string} database
 * @property {'owner'|'superuser'|'operator'|'server'} actor
 * @property {string} actor_email of a superuser
 * @property {string} address
 * @property {string} user_agent
 * @property {number} count
 * @property {string} first_at
 * @property {string} last_at
 */

/**
 * How a user signs in.
 * @typedef {{email: string, verified: boolean, providers: string[], two_step: boolean, two_step_available: boolean}} Security
 */

/**
 * A code that was mailed. expires and next are in seconds: how long it works, and until another one can be sent.
 * @typedef {{otpId: string, sent_to: string, expires: number, next: number}} SentCode
 */

/** @typedef {{attempt: number, started: string, ended: string, outcome: string, error?: string}} Attempt */

/**
 * The size of the queue, and the positions of the user's waiting jobs.
 * @typedef {object} Overview
 * @property {number} running of all users
 * @property {number} waiting of all users
 * @property {string[]} paused kinds, for everybody or for this user; * is the whole queue
 * @property {{kinds: string[], source: 'operator'|'provider'|'key', reason: string, since: string}[]} pauses why they are paused
 * @property {{kind: string, reason: string, until: string}[]} holds kinds of which no job starts for the first time until then
 * @property {Record<string, number>} positions by job
 */

/**
 * @typedef {LiveRecord & {
 *   kind: string, payload: Record<string, any> | null, every: number, next_run_at: string, enabled: boolean,
 *   last_job: string, error: string, stopped: string,
 * }} Schedule
 */

/**
 * @typedef {'queued'|'fetching'|'downloading'|'stored'|'uploading'|'awaiting_share_url'|'delivered'|'failed'|'cancelled'} TransferStatus
 */

/**
 * @typedef {LiveRecord & {
 *   meeting: string, recording_id: number, job: string, status: TransferStatus, bytes_done: number,
 *   bytes_total: number, attempts: number, file_name: string, share_url: string, error: string, delivered_at: string,
 *   verified: boolean, unchecked: ''|'private'|'unreachable', deliver: boolean, uploader: string, visibility: ''|Visibility,
 *   note: string, handover: ''|'chosen'|'doubtful',
 * }} Transfer
 */

/** Who can watch a video at Loom: only its owner, everybody in the Loom workspace, or everybody with the link. @typedef {'owner'|'workspace'|'public'} Visibility */

/** What is chosen for videos at Loom. `folder` is a folder's id, or "none". What is missing isn't chosen. @typedef {{visibility?: Visibility, folder?: string}} LoomOptions */

/** What is chosen for a transfer. deliver: to Loom, the default, otherwise the file is only stored; byHand: the user uploads the file. @typedef {{deliver?: boolean, byHand?: boolean} & LoomOptions} TransferChoice */

/** @typedef {{id: string, name: string}} LoomFolder */

/** What a request to transfer several meetings did, or would do. Each meeting counts once. `waiting` is how many of `created` had been left to the user to upload, and `matched` how many meetings are selected. @typedef {{matched?: number, created: number, active: number, skipped: number, left: number, waiting?: number}} BulkTransfers */

/** Selects meetings by their recording ids, by a filter, or by what the library filters, except for some. @typedef {{recording_ids: number[]} | {filter: string} | {library: LibraryFilter, except?: number[]}} MeetingSelection */

/** @typedef {'at_fathom'|'copying'|'your_turn'|'on_loom'|'kept_here'|'problem'} LibraryState */

/**
 * What the library is filtered by. from and to are days in the time zone tz.
 * @typedef {{state?: LibraryState, from?: string, to?: string, tz?: string, person?: string, type?: string, min_minutes?: number, max_minutes?: number, title?: string}} LibraryFilter
 */

/** A transfer in the library; blank fields are left out. @typedef {Pick<Transfer, 'id'|'recording_id'|'status'|'updated'> & Partial<Transfer>} LibraryTransfer */

/** A meeting in the library; blank fields are left out. @typedef {MeetingTitle & {duration: number, transfer?: LibraryTransfer} & Partial<Meeting>} LibraryItem */

/** total, seconds and months are those of the filter, and states those of the filter without its state. @typedef {{total: number, seconds: number, states: Record<LibraryState, number>, months: {month: string, count: number}[], types: string[]}} LibraryOverview */

/** A window of the library, with the overview unless it wasn't asked for. @typedef {LibraryOverview & {offset: number, items: LibraryItem[]}} LibraryPage */

/**
 * @typedef {LiveRecord & {
 *   provider: 'fathom'|'loom'|'smtp'|'webhook', last_four: string, status: 'checking'|'valid'|'invalid'|'unchecked',
 *   reason: string, checked_at: string, settings: Record<string, any> | null, abilities: ('upload'|'read')[] | null,
 *   details: LoomDetails | null,
 * }} Connection
 */

/** @typedef {{id: string, name: string, url: string}} AtlassianSite */

/**
 * What the last check of the connection to Loom found. `message`, `advice` and `link` are for the user; they may be blank.
 * @typedef {object} LoomDetails
 * @property {'ready'|'reading_only'|'choose_site'|'no_workspace'|'blocked'|'wrong_token'|'reconnect'|'unreachable'|'failed'} state
 * @property {string} message
 * @property {string} advice
 * @property {string} link a page at Atlassian where the advice can be followed
 * @property {string} refusal why Atlassian refused the last upload; blank if it didn't
 * @property {AtlassianSite | null} site the one in use
 * @property {AtlassianSite[] | null} sites the ones to choose from
 */

/**
 * What a meeting must have for a rule. Of a list, one entry is enough.
 * @typedef {object} RuleConditions
 * @property {boolean} [recorded_by_me]
 * @property {string[]} [types]
 * @property {string[]} [people]
 * @property {string[]} [domains]
 * @property {'any'|'only'|'none'} [external]
 * @property {number} [min_minutes]
 * @property {string[]} [title_words]
 * @property {string[]} [title_not]
 */

/** @typedef {LiveRecord & {name: string, enabled: boolean, conditions: RuleConditions, deliver: boolean, options: LoomOptions | null, matched: number}} Rule */

/** @typedef {LiveRecord & {kind: string, recording_id: number, text: string, mail: string, hook: string}} NoticeRecord */

/** @typedef {LiveRecord & {recording_id: number, title: string, recorded_at: string}} MeetingTitle */

/**
 * A meeting on the list. size is that of its file in bytes, and recording the record of the stored one, where they are known.
 * @typedef {MeetingTitle & {
 *   duration: number, loom_url: string, poster: string, recorded_by: {name?: string, email?: string} | null, withdrawn_at: string,
 *   size?: number, recording?: string,
 * }} Meeting
 */

/** @typedef {{name?: string, email?: string, is_external?: boolean}} Person */

/**
 * @typedef {object} ActionItem
 * @property {string} description
 * @property {boolean} [completed]
 * @property {string} [recording_timestamp]
 * @property {Person} [assignee]
 */

/** A bookmarked part of the recording; times are in seconds. @typedef {{type?: string, summary?: string, text?: string, start_time: number}} Highlight */

/** @typedef {'ready'|'waiting'|'none'} PartState */

/** A part of the recording, which lasts until the next one. `start` is in seconds. @typedef {{start: number, title: string}} Chapter */

/**
 * A text in which words of a search occur. `start` is in seconds, null if the text has no time; `ranges` are in UTF-16 code units.
 * @typedef {{field: string, start: number | null, speaker: string, text: string, ranges: [number, number][]}} SearchMatch
 */

/**
 * A page of the results of a search.
 * @typedef {object} SearchResult
 * @property {boolean} complete false while the server's index is being built or updated
 * @property {number} total meetings that match
 * @property {{recording_id: number, title: string, recorded_at: string, matches: SearchMatch[]}[]} items
 */

/** A meeting that a search has found. @typedef {SearchResult['items'][0] & {id: string, duration: number, poster: string, href: string}} FoundMeeting */

/** What is known about the parts of a meeting; null until Fathom has been asked. @typedef {Record<'summary'|'transcript'|'action_items'|'highlights', PartState>} Parts */

/**
 * @typedef {Meeting & {
 *   meeting_type: string, fathom_url: string, language: string, invitees: Person[] | null,
 *   summary: string, action_items: ActionItem[] | null, highlights: Highlight[] | null, parts: Parts | null,
 * }} MeetingRecord
 */

/** @typedef {{speaker?: {display_name?: string}, text?: string, timestamp?: string}} TranscriptItem */

/** @typedef {LiveRecord & {items: TranscriptItem[] | null, text: string}} Transcript */

/**
 * @typedef {LiveRecord & {
 *   meeting: string, recording_id: number, file: string, file_name: string, content_type: string, size: number, retained_until: string,
 *   collectionId: string, collectionName: string,
 * }} Recording
 */

export {};
