// Tests the file URLs of the PocketBase JS SDK when recordings are in S3.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { before, test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import PocketBase from 'pocketbase'
import { ACCOUNT_PASSWORD, counts, S3_URL, setClock } from './bucket.mjs'

const { SERVER_URL } = process.env

/** @type {PocketBase} */
let db
/** @type {import('pocketbase').RecordModel} */
let recording
let token = ''

before(async () => {
  const pb = new PocketBase(SERVER_URL)
  const { meta } = await pb.collection('users').authWithPassword('ada@example.com', ACCOUNT_PASSWORD)
  db = new PocketBase(meta.database.url)
  db.authStore.save(meta.database.token, null)
  recording = await db.collection('recordings').getFirstListItem('recording_id = 1001')
  token = await db.files.getToken()
})

const fileURL = (query = {}) => db.files.getURL(recording, recording.file, { token, ...query })

/** @param {Response} res */
async function digest(res) {
  return createHash('sha256').update(Buffer.from(await res.arrayBuffer())).digest('hex')
}

test('fetch follows the redirect to S3', async () => {
  const res = await fetch(fileURL())
  assert.equal(res.status, 200)
  assert.ok(res.url.startsWith(`${S3_URL}/`), res.url)
  assert.equal(res.headers.get('content-type'), 'video/mp4')
  assert.match(res.headers.get('content-disposition'), /^inline; filename="\d{4}-\d{2}-\d{2} \d{2}\.\d{2} Weekly product sync\.mp4"$/)
  assert.equal(Number(res.headers.get('content-length')), recording.size)
  assert.equal(await digest(res), recording.sha256)
  const saved = await fetch(fileURL({ download: true }))
  assert.match(saved.headers.get('content-disposition'), /^attachment; filename=/)
  assert.equal(await digest(saved), recording.sha256)
})

test('a range is requested from S3', async () => {
  const whole = Buffer.from(await (await fetch(fileURL())).arrayBuffer())
  for (const [range, from, to] of [['bytes=4-7', 4, 8], ['bytes=-100', recording.size - 100, recording.size], [`bytes=${recording.size - 1}-`, recording.size - 1, recording.size]]) {
    for (const query of [{}, { proxy: 1 }]) {
      const res = await fetch(fileURL(query), { headers: { Range: range } })
      assert.equal(res.status, 206)
      assert.equal(res.headers.get('content-range'), `bytes ${from}-${to - 1}/${recording.size}`)
      assert.deepEqual(Buffer.from(await res.arrayBuffer()), whole.subarray(from, to))
    }
  }
  for (const query of [{}, { proxy: 1 }]) {
    assert.equal((await fetch(fileURL(query), { headers: { Range: `bytes=${recording.size}-` } })).status, 416)
  }
})

test('the server answers HEAD, and sends the file with proxy=1', async () => {
  for (const query of [{}, { proxy: 1 }]) {
    const head = await fetch(fileURL(query), { method: 'HEAD', redirect: 'error' })
    assert.equal(head.status, 200)
    assert.equal(Number(head.headers.get('content-length')), recording.size)
    assert.equal(head.headers.get('accept-ranges'), 'bytes')
    assert.equal(head.headers.get('content-type'), 'video/mp4')
  }
  const res = await fetch(fileURL({ proxy: 1, download: true }), { redirect: 'error' })
  assert.equal(res.headers.get('etag'), `"${recording.sha256}"`)
  assert.match(res.headers.get('content-disposition'), /^attachment; filename="\d{4}-\d{2}-\d{2} \d{2}\.\d{2} Weekly product sync/)
  assert.equal(await digest(res), recording.sha256)
  const { GetObject } = await counts()
  const unchanged = await fetch(fileURL({ proxy: 1 }), { headers: { 'If-None-Match': `"${recording.sha256}"` } })
  assert.equal(unchanged.status, 304)
  assert.equal((await counts()).GetObject, GetObject, 'nothing is read for that')
})

test('a session in the Authorization header does not reach S3', async () => {
  for (const query of [{}, { proxy: 1 }]) {
    const res = await fetch(fileURL(query), { headers: { Authorization: db.authStore.token } })
    assert.equal(res.status, 200)
    assert.equal(await digest(res), recording.sha256)
  }
})

test('a link to S3 expires after 15 minutes, and the file URL leads to another one', async () => {
  const redirect = await fetch(fileURL(), { redirect: 'manual' })
  assert.equal(redirect.status, 302)
  assert.equal(redirect.headers.get('cache-control'), 'no-store')
  const link = redirect.headers.get('location')
  await setClock('14m50s')
  assert.equal(await digest(await fetch(link)), recording.sha256)
  await setClock('15m2s')
  assert.equal((await fetch(link)).status, 403)
  await setClock('0s')
  const signedAt = (address) => new URL(address).searchParams.get('X-Amz-Date')
  await setTimeout(1_000) // signatures have a date in seconds
  const another = (await fetch(fileURL(), { redirect: 'manual' })).headers.get('location')
  assert.notEqual(signedAt(another), signedAt(link))
  assert.equal(await digest(await fetch(another)), recording.sha256)
})

test('a file URL without its token does not lead to S3', async () => {
  const before = await counts()
  for (const query of [{ token: '' }, { token: 'wrong' }, { token: '', proxy: 1 }]) {
    const res = await fetch(fileURL(query), { redirect: 'manual' })
    assert.ok(res.status === 401 || res.status === 403, String(res.status))
    assert.equal(res.headers.get('location'), null)
  }
  assert.deepEqual(await counts(), before)
})
