// API tokens with the PocketBase JS SDK, as docs/api.md describes them.
import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { EventSource } from 'eventsource'
import PocketBase from 'pocketbase'

globalThis.EventSource = EventSource // Node.js has no EventSource

const { SERVER_URL, SIM_KEY } = process.env
const email = 'tokens@example.com'
const password = 'a-good-password'

/** A client of the owner, with a session. @type {PocketBase} */
const pb = new PocketBase(SERVER_URL)
/** @type {PocketBase} */
let owner
/** @type {string} */
let url

async function createToken(...scopes) {
  const expires = new Date(Date.now() + 3600_000).toISOString()
  return pb.send('/api/tokens', { method: 'POST', body: { name: scopes.join('+'), scopes, expires } })
}

/** Returns a client that uses a token. */
function clientOf(base, token) {
  const client = new PocketBase(base)
  client.authStore.save(token, null)
  return client
}

before(async () => {
  await pb.collection('users').create({ email, password, passwordConfirm: password })
  const { database } = (await pb.collection('users').authWithPassword(email, password)).meta
  url = database.url
  owner = clientOf(url, database.token)
  const connection = await owner.collection('connections').create({ provider: 'fathom', secret: SIM_KEY })
  while ((await owner.collection('connections').getOne(connection.id)).status === 'checking') await wait(50)
})

test('a script syncs, transfers, follows, lists and downloads with tokens', async () => {
  const [read, transfer] = [await createToken('read'), await createToken('transfer')]
  const [jobs, followed, db] = [clientOf(SERVER_URL, transfer.token), clientOf(SERVER_URL, read.token), clientOf(url, read.token)]
  let resolveEvent
  const added = new Promise((resolve) => { resolveEvent = resolve })
  const unsubscribe = await db.collection('meetings').subscribe('*', (e) => resolveEvent(e))
  for (const body of [{ kind: 'fathom.sync', payload: {} }, { kind: 'recording.transfer', payload: { recording_id: 1001, deliver: false } }]) {
    let job = await jobs.collection('global_queue').create(body)
    while (!['completed', 'dead', 'cancelled'].includes(job.status)) {
      await wait(50)
      job = await followed.collection('global_queue').getOne(job.id)
    }
    assert.equal(job.status, 'completed', job.error)
  }
  const event = await added
  assert.equal(event.action, 'create')
  await unsubscribe()

  assert.equal((await db.collection('meetings').getFullList({ expand: 'transcripts_via_meeting' })).length, 24)
  const recording = await db.collection('recordings').getFirstListItem('recording_id = 1001')
  const response = await fetch(db.files.getURL(recording, recording.file), { headers: { Authorization: `Bearer ${read.token}`, Range: 'bytes=5-14' } })
  assert.equal(response.status, 206)
  assert.equal((await response.arrayBuffer()).byteLength, 10)
  assert.equal(response.headers.get('content-range'), `bytes 5-14/${recording.size}`)
})

test('a token does what its scopes allow', async () => {
  const { token } = await createToken('read')
  const db = clientOf(url, token)
  const pbWithToken = clientOf(SERVER_URL, token)
  const needsTransfer = (error) => error.status === 403 && /"transfer"/.test(error.response.message)
  const isRefused = (error) => error.status === 403 && /API tokens can't be used/.test(error.response.message)
  await assert.rejects(pbWithToken.collection('global_queue').create({ kind: 'fathom.sync', payload: {} }), needsTransfer)
  await assert.rejects(db.send('/api/transfers', { method: 'POST', body: {} }), needsTransfer)
  await assert.rejects(db.collection('connections').getList(), isRefused)
  await assert.rejects(db.collection('connections').subscribe('*', () => {}), isRefused)
  await assert.rejects(db.collection('preferences').create({ key: 'x', value: 1 }), isRefused)
  await assert.rejects(db.files.getToken(), isRefused)
  const batch = db.createBatch()
  batch.collection('preferences').create({ key: 'x', value: 1 })
  await assert.rejects(batch.send(), isRefused)
  for (const attempt of [
    () => pbWithToken.collection('users').authRefresh(), () => pbWithToken.send('/api/session', { method: 'POST' }),
    () => pbWithToken.send('/api/tokens', {}), () => pbWithToken.collection('users').getList(), () => pbWithToken.collection('users').delete(pb.authStore.record.id),
  ]) await assert.rejects(attempt(), isRefused)
})

test('a revoked token ends its streams', async () => {
  const { id, token } = await createToken('read')
  const db = clientOf(url, token)
  let resolveEnd
  const ended = new Promise((resolve) => { resolveEnd = resolve })
  db.realtime.onDisconnect = resolveEnd
  await db.collection('preferences').subscribe('*', () => {})
  await pb.send(`/api/tokens/${id}`, { method: 'DELETE' })
  await ended
  await assert.rejects(db.collection('preferences').getList(), { status: 401 })
  db.realtime.unsubscribe()
})
