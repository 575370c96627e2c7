// Tests the API documented in docs/api.md with the PocketBase JS SDK.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { before, test } from 'node:test'
import { EventSource } from 'eventsource'
import PocketBase from 'pocketbase'

globalThis.EventSource = EventSource // Node.js has no EventSource

const { SERVER_URL, SIM_URL, SIM_KEY } = process.env
const email = 'johndoe@example.com'
const password = 'a-good-password'

const pb = new PocketBase(SERVER_URL)
/** @type {PocketBase} */
let db
/** @type {{name: string, url: string, token: string, expires: string}} */
let database

/** Subscribes, calls act, and resolves with the first event that matches and with the result of act. */
async function waitForEvent(client, collection, topic, matches, act) {
  let resolveEvent
  const matched = new Promise((resolve) => { resolveEvent = resolve })
  const unsubscribe = await client.collection(collection).subscribe(topic, (e) => matches(e) && resolveEvent(e))
  const result = await act?.()
  const event = await matched
  await unsubscribe()
  return { event, result }
}

const hasEnded = (job) => ['completed', 'dead', 'cancelled'].includes(job.status)

/** Creates a job and resolves with its record when it has ended. */
async function runJob(kind, payload) {
  const { event } = await waitForEvent(pb, 'global_queue', '*', (e) => e.record.kind === kind && hasEnded(e.record),
    () => pb.collection('global_queue').create({ kind, payload }))
  return event.record
}

before(async () => {
  await pb.collection('users').create({ email, password, passwordConfirm: password })
  const auth = await pb.collection('users').authWithPassword(email, password)
  database = auth.meta.database
  db = new PocketBase(database.url)
  db.authStore.save(database.token, null)
})

test('the first sign-in creates a database for the user', async () => {
  assert.match(database.name, /^\d{4}-\d{2}-\d{2}-001-johndoe$/)
  assert.equal(database.url, `${SERVER_URL}/db/${database.name}`)
  assert.ok(new Date(database.expires) > new Date())
  assert.ok(db.authStore.isValid, 'the SDK accepts the session as a valid token')
  const refreshed = await pb.collection('users').authRefresh()
  assert.equal(refreshed.meta.database.name, database.name)
  const renewed = await pb.send('/api/session', { method: 'POST' })
  assert.equal(renewed.name, database.name)
  db.authStore.save(renewed.token, null)
})

test('records, batches, paging and filters work through the gateway', async () => {
  const created = await db.collection('preferences').create({ key: 'theme', value: { dark: true } })
  assert.deepEqual((await db.collection('preferences').getOne(created.id)).value, { dark: true })
  await db.collection('preferences').update(created.id, { value: 1 })
  const batch = db.createBatch()
  for (let i = 0; i < 5; i++) batch.collection('preferences').create({ key: `k${i}`, value: i })
  assert.equal((await batch.send()).length, 5)
  const page = await db.collection('preferences').getList(2, 2, { sort: 'key', filter: db.filter('key ~ {:k}', { k: 'k' }) })
  assert.equal(page.totalItems, 5)
  assert.deepEqual(page.items.map((r) => r.key), ['k2', 'k3'])
  assert.equal((await db.collection('preferences').getFullList()).length, 6)
  await db.collection('preferences').delete(created.id)
  await assert.rejects(db.collection('preferences').getOne(created.id), { status: 404 })
})

test('realtime works through the gateway', async () => {
  const { event } = await waitForEvent(db, 'preferences', '*', () => true, () => db.collection('preferences').create({ key: 'live' }))
  assert.equal(event.action, 'create')
  assert.equal(event.record.key, 'live')
})

test('a Fathom key is saved, checked and never returned', async () => {
  const { event, result } = await waitForEvent(db, 'connections', '*', (e) => e.record.status !== 'checking',
    () => db.collection('connections').create({ provider: 'fathom', secret: SIM_KEY }))
  assert.equal(event.record.status, 'valid')
  assert.equal(event.record.last_four, SIM_KEY.slice(-4))
  for (const answer of [event, result, await db.collection('connections').getFullList()]) {
    assert.ok(!JSON.stringify(answer).includes(SIM_KEY))
  }
})

test('meetings are synced, transferred and handed over to Loom', async () => {
  const sync = await runJob('fathom.sync', {})
  assert.equal(sync.status, 'completed')
  const meetings = await db.collection('meetings').getList(1, 50, { sort: '-recorded_at' })
  assert.equal(meetings.totalItems, 24)
  assert.equal(meetings.items[0].recording_id, 1001)

  const transferred = await runJob('recording.transfer', { recording_id: 1001 })
  assert.equal(transferred.status, 'completed', transferred.error)
  const transfer = await db.collection('transfers').getFirstListItem('recording_id = 1001')
  assert.equal(transfer.status, 'awaiting_share_url')
  assert.equal(transfer.bytes_done, transfer.bytes_total)

  const recording = await db.collection('recordings').getFirstListItem('recording_id = 1001')
  const link = db.files.getURL(recording, recording.file, { token: await db.files.getToken(), download: true })
  const bytes = Buffer.from(await (await fetch(link)).arrayBuffer())
  assert.equal(createHash('sha256').update(bytes).digest('hex'), recording.sha256)

  const upload = await fetch(`${SIM_URL}/_simulator/loom/upload?filename=${encodeURIComponent(transfer.file_name)}`, { method: 'POST', body: bytes })
  const { share_url } = await upload.json()
  await assert.rejects(db.collection('transfers').update(transfer.id, { share_url: 'https://example.com/' }), (err) => {
    assert.equal(err.status, 400)
    assert.ok(err.response.data.share_url.message)
    return true
  })
  const delivered = await db.collection('transfers').update(transfer.id, { share_url })
  assert.equal(delivered.status, 'delivered')
  assert.equal((await db.collection('meetings').getFirstListItem('recording_id = 1001')).loom_url, share_url)
})

test('getFullList gets everything, although pages are small', async () => {
  for (let id = 1002; id <= 1007; id++) {
    const job = await runJob('recording.transfer', { recording_id: id })
    assert.equal(job.status, 'completed', job.error)
  }
  const page = await db.collection('transcripts').getList(1, 500)
  assert.equal(page.perPage, 5)
  assert.equal(page.items.length, 5)
  assert.equal(page.totalItems, 7)
  for (const options of [{}, { batch: 500 }, { sort: '-recording_id', expand: 'meeting' }]) {
    const all = await db.collection('transcripts').getFullList(options)
    assert.deepEqual(all.map((t) => t.recording_id).sort(), [1001, 1002, 1003, 1004, 1005, 1006, 1007])
    assert.ok(all.every((t) => t.items.length > 0 && t.text && t.created), 'records have all fields')
  }
  const meetings = await db.collection('meetings').getFullList({ expand: 'transcripts_via_meeting' })
  assert.equal(meetings.length, 24)
  assert.equal(meetings.filter((m) => m.expand?.transcripts_via_meeting).length, 7)
})

test('creating an active job returns it', async () => {
  const jobs = pb.collection('global_queue')
  const run_at = new Date(Date.now() + 3600_000).toISOString()
  const sync = await jobs.create({ kind: 'fathom.sync', payload: {}, run_at })
  const full = await jobs.create({ kind: 'fathom.sync', payload: { full: true }, run_at })
  assert.equal(full.id, sync.id)
  assert.deepEqual(full.payload, { full: true })
  const batch = pb.createBatch()
  for (const recording_id of [70, 71, 70]) batch.collection('global_queue').create({ kind: 'recording.transfer', payload: { recording_id }, run_at })
  const [first, second, third] = (await batch.send()).map(({ body }) => body.id)
  assert.equal(third, first)
  for (const id of [sync.id, first, second]) await jobs.delete(id)
})

test('a subscription to jobs may have a filter, fields and expand', async () => {
  const events = []
  const options = { filter: 'kind = "fathom.sync" && status = "completed"', fields: 'id,status,expand.user.email', expand: 'user' }
  let resolveEvent
  const received = new Promise((resolve) => { resolveEvent = resolve })
  const unsubscribe = await pb.collection('global_queue').subscribe('*', (e) => { events.push(e); resolveEvent() }, options)
  const job = await runJob('fathom.sync', {})
  await received
  await unsubscribe()
  assert.deepEqual(events.map((e) => e.record), [{ id: job.id, status: 'completed', expand: { user: { email } } }])
})

test('another user’s session is refused', async () => {
  const other = new PocketBase(SERVER_URL)
  await other.collection('users').create({ email: 'other@example.com', password, passwordConfirm: password })
  const auth = await other.collection('users').authWithPassword('other@example.com', password)
  const intruder = new PocketBase(database.url) // the first user’s database
  intruder.authStore.save(auth.meta.database.token, null)
  await assert.rejects(intruder.collection('meetings').getList(), { status: 403 })
  await assert.rejects(intruder.collection('meetings').subscribe('*', () => {}), { status: 403 })
  intruder.authStore.clear()
  await assert.rejects(intruder.collection('meetings').getList(), { status: 401 })
})
