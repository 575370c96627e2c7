// The contract of docs/api.md, through the real PocketBase JS SDK.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { before, test } from 'node:test'
import { EventSource } from 'eventsource'
import PocketBase from 'pocketbase'

globalThis.EventSource = EventSource // node has none of its own

const { SERVER_URL, SIM_URL, SIM_KEY } = process.env
const email = 'johndoe@example.com'
const password = 'a-good-password'

const pb = new PocketBase(SERVER_URL)
/** @type {PocketBase} */
let db
/** @type {{name: string, url: string, token: string, expires: string}} */
let database

/** Resolves with the first event that passes, and unsubscribes. */
async function event(client, collection, topic, passes, act) {
  let found
  const seen = new Promise((resolve) => { found = resolve })
  const unsubscribe = await client.collection(collection).subscribe(topic, (e) => passes(e) && found(e))
  const result = await act?.()
  const e = await seen
  await unsubscribe()
  return { e, result }
}

const ended = (e) => ['completed', 'dead', 'cancelled'].includes(e.record.status)

/** Creates a job and resolves with its record once it has ended. */
async function run(kind, payload) {
  const { e } = await event(pb, 'global_queue', '*', (e) => e.record.kind === kind && ended(e),
    () => pb.collection('global_queue').create({ kind, payload }))
  return e.record
}

before(async () => {
  await pb.collection('users').create({ email, password, passwordConfirm: password })
  const auth = await pb.collection('users').authWithPassword(email, password)
  database = auth.meta.database
  db = new PocketBase(database.url)
  db.authStore.save(database.token, null)
})

test('the first sign-in gives a database of one’s own', async () => {
  assert.match(database.name, /^\d{4}-\d{2}-\d{2}-001-johndoe$/)
  assert.equal(database.url, `${SERVER_URL}/db/${database.name}`)
  assert.ok(new Date(database.expires) > new Date())
  assert.ok(db.authStore.isValid, 'the SDK takes the session for a valid token')
  const refreshed = await pb.collection('users').authRefresh()
  assert.equal(refreshed.meta.database.name, database.name)
  const renewed = await pb.send('/api/session', { method: 'POST' })
  assert.equal(renewed.name, database.name)
  db.authStore.save(renewed.token, null)
})

test('records, batches, paging and filters work through the gateway', async () => {
  const made = await db.collection('preferences').create({ key: 'theme', value: { dark: true } })
  assert.deepEqual((await db.collection('preferences').getOne(made.id)).value, { dark: true })
  await db.collection('preferences').update(made.id, { value: 1 })
  const batch = db.createBatch()
  for (let i = 0; i < 5; i++) batch.collection('preferences').create({ key: `k${i}`, value: i })
  assert.equal((await batch.send()).length, 5)
  const page = await db.collection('preferences').getList(2, 2, { sort: 'key', filter: db.filter('key ~ {:k}', { k: 'k' }) })
  assert.equal(page.totalItems, 5)
  assert.deepEqual(page.items.map((r) => r.key), ['k2', 'k3'])
  assert.equal((await db.collection('preferences').getFullList()).length, 6)
  await db.collection('preferences').delete(made.id)
  await assert.rejects(db.collection('preferences').getOne(made.id), { status: 404 })
})

test('realtime works through the gateway', async () => {
  const { e } = await event(db, 'preferences', '*', () => true, () => db.collection('preferences').create({ key: 'live' }))
  assert.equal(e.action, 'create')
  assert.equal(e.record.key, 'live')
})

test('the key is saved, tested and never comes back', async () => {
  const { e, result } = await event(db, 'connections', '*', (e) => e.record.status !== 'checking',
    () => db.collection('connections').create({ provider: 'fathom', secret: SIM_KEY }))
  assert.equal(e.record.status, 'valid')
  assert.equal(e.record.last_four, SIM_KEY.slice(-4))
  for (const seen of [e, result, await db.collection('connections').getFullList()]) {
    assert.ok(!JSON.stringify(seen).includes(SIM_KEY))
  }
})

test('the main job: sync, transfer, hand over', async () => {
  const sync = await run('fathom.sync', {})
  assert.equal(sync.status, 'completed')
  const meetings = await db.collection('meetings').getList(1, 50, { sort: '-recorded_at' })
  assert.equal(meetings.totalItems, 24)
  assert.equal(meetings.items[0].recording_id, 1001)

  const transferred = await run('recording.transfer', { recording_id: 1001 })
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

test('another user’s client gets nowhere', async () => {
  const other = new PocketBase(SERVER_URL)
  await other.collection('users').create({ email: 'other@example.com', password, passwordConfirm: password })
  const auth = await other.collection('users').authWithPassword('other@example.com', password)
  const intruder = new PocketBase(database.url)
  intruder.authStore.save(auth.meta.database.token, null)
  await assert.rejects(intruder.collection('meetings').getList(), { status: 403 })
  await assert.rejects(intruder.collection('meetings').subscribe('*', () => {}), { status: 403 })
  intruder.authStore.clear()
  await assert.rejects(intruder.collection('meetings').getList(), { status: 401 })
})
