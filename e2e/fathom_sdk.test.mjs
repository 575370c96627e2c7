// Tests the simulator with the official Fathom SDK: our own client is tested with the simulator, whose answers must
// therefore be ones that Fathom's client understands. The simulator must be running:
//
//	SIM_URL=http://127.0.0.1:PORT SIM_KEY=... node --test fathom_sdk.test.mjs
//
// On 400, 401 and 429 the SDK (0.0.37) throws nothing and returns undefined, so a response hook collects the statuses.
// The SDK doesn't support downloads, users and meeting types; fetch requests those.
import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { beforeEach, test } from 'node:test'
import { Fathom } from 'fathom-typescript'
import { HTTPClient } from 'fathom-typescript/lib/http.js'

const { SIM_URL, SIM_KEY } = process.env
assert.ok(SIM_URL && SIM_KEY, 'set SIM_URL and SIM_KEY')
const api = `${SIM_URL}/external/v1`

/** Creates an SDK client and a list that collects the status of every response. */
function newClient(options = {}) {
  const statuses = []
  const httpClient = new HTTPClient()
  httpClient.addHook('response', (res) => statuses.push(res.status))
  const fathom = new Fathom({ serverURL: api, security: { apiKeyAuth: SIM_KEY }, httpClient, ...options })
  return { fathom, statuses }
}

async function control(method, path, body) {
  const res = await fetch(`${SIM_URL}/_simulator/${path}`, { method, body: body && JSON.stringify(body) })
  assert.ok(res.ok, `${method} ${path}: ${res.status} ${await res.clone().text()}`)
  return res.status === 204 ? undefined : res.json()
}

async function meetings(fathom, request) {
  const items = []
  for await (const page of await fathom.listMeetings(request)) {
    assert.ok(page, 'the request failed without an exception')
    items.push(...page.result.items)
  }
  return items
}

beforeEach(() => control('POST', 'reset'))

test('listMeetings returns all pages, newest meetings first', async () => {
  const { fathom, statuses } = newClient()
  const truth = (await control('GET', 'meetings')).meetings
  const items = await meetings(fathom)
  assert.deepEqual(items.map((m) => m.recordingId), truth.map((m) => m.recording_id))
  assert.deepEqual(items.map((m) => m.title), truth.map((m) => m.title))
  assert.ok(statuses.length >= 3 && statuses.every((s) => s === 200), String(statuses))
  for (let i = 1; i < items.length; i++) assert.ok(items[i].createdAt < items[i - 1].createdAt)
  for (const [i, m] of items.entries()) {
    const seconds = (m.recordingEndTime - m.recordingStartTime) / 1000
    assert.ok(Math.abs(seconds - truth[i].duration_ns / 1e9) <= 2)
  }
})

test('listMeetings accepts every filter and every optional part', async () => {
  const { fathom, statuses } = newClient()
  const [full] = await meetings(fathom, {
    includeActionItems: true, includeCrmMatches: true, includeSummary: true, includeTranscript: true,
  })
  assert.ok(full.transcript.length >= 6)
  assert.ok(full.actionItems.length > 0)
  assert.match(full.defaultSummary.markdownFormatted, /^## /)
  assert.ok(full.crmMatches)
  const some = await meetings(fathom, {
    calendarInviteesDomains: ['brightwater.example', 'oaktree.example'],
    calendarInviteesDomainsType: 'one_or_more_external',
  })
  assert.equal(some.length, 3)
  const byPeople = await meetings(fathom, { recordedBy: ['ada@northwind.example', 'ben@northwind.example'] })
  assert.ok(byPeople.length > 0 && byPeople.every((m) => /^(ada|ben)@/.test(m.recordedBy.email)))
  const byTeam = await meetings(fathom, { teams: ['Sales'] })
  assert.ok(byTeam.length > 0 && byTeam.every((m) => m.recordedBy.team === 'Sales'))
  const all = await meetings(fathom)
  const since = await meetings(fathom, { createdAfter: all[5].createdAt.toISOString() })
  assert.deepEqual(since.map((m) => m.recordingId), all.slice(0, 5).map((m) => m.recordingId))
  assert.ok(statuses.every((s) => s === 200), String(statuses))
})

test('the SDK accepts unknown fields, null and missing optional parts', async () => {
  const { fathom } = newClient()
  await control('POST', 'meetings', {
    title: 'From the future', fields: { news: { a: 1 }, transcript: null, meeting_title: null }, without: ['shared_with', 'meeting_url'],
  })
  const [first] = await meetings(fathom)
  assert.equal(first.title, 'From the future')
  assert.equal(first.meetingTitle, null)
})

test('listTeams and listTeamMembers return teams and their members', async () => {
  const { fathom, statuses } = newClient()
  const teams = (await fathom.listTeams()).result
  assert.deepEqual(teams.items.map((t) => t.name), ['Product', 'Engineering', 'Sales', 'Customer Success'])
  assert.equal(teams.limit, 25)
  const members = (await fathom.listTeamMembers({ team: 'Engineering' })).result
  assert.deepEqual(members.items.map((m) => m.email), ['ben@northwind.example', 'emi@northwind.example'])
  assert.deepEqual(statuses, [200, 200])
})

test('summaries and transcripts are returned directly or sent to a destination', async (t) => {
  const { fathom } = newClient()
  const summary = await fathom.getRecordingSummary({ recordingId: 1001 })
  assert.match(summary.summary.markdownFormatted, /Weekly product sync/)
  // The SDK requires a destinationUrl here; an empty one means a direct answer.
  const direct = await fathom.getRecordingTranscript({ recordingId: 1001, destinationUrl: '' })
  assert.match(direct.transcript[0].timestamp, /^\d\d:\d\d:\d\d$/)

  let resolvePosted
  const posted = new Promise((resolve) => { resolvePosted = resolve })
  const server = createServer((req, res) => {
    let body = ''
    req.on('data', (chunk) => { body += chunk })
    req.on('end', () => { res.end(); resolvePosted(JSON.parse(body)) })
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => server.close())
  const destinationUrl = `http://127.0.0.1:${server.address().port}/hook`
  const answer = await fathom.getRecordingTranscript({ recordingId: 1001, destinationUrl })
  assert.equal(answer.destinationUrl, destinationUrl)
  assert.equal((await posted).transcript.length, direct.transcript.length)
})

test('a webhook is created, delivers verifiable messages and is deleted', async (t) => {
  const { fathom, statuses } = newClient()
  const messages = []
  const server = createServer((req, res) => {
    const chunks = []
    req.on('data', (chunk) => chunks.push(chunk))
    req.on('end', () => { messages.push({ headers: req.headers, body: Buffer.concat(chunks) }); res.end() })
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => server.close())
  const hook = await fathom.createWebhook({
    destinationUrl: `http://127.0.0.1:${server.address().port}/hook`, triggeredFor: ['my_recordings'], includeSummary: true,
  })
  assert.deepEqual(statuses, [201])
  assert.match(hook.secret, /^whsec_/)

  const deliver = (body) => control('POST', `webhooks/${hook.id}/deliver`, { recording_id: 1003, ...body })
  const verify = ({ headers, body }, secret = hook.secret) => Fathom.verifyWebhook(secret, headers, body)
  assert.equal((await deliver({ duplicates: 1 })).status, 200)
  assert.equal(messages.length, 2)
  assert.equal(messages[0].headers['webhook-id'], messages[1].headers['webhook-id'])
  for (const m of messages.splice(0)) assert.equal((await verify(m)).recording_id, 1003)
  for (const [body, reason] of [
    [{ age: 400 }, /too old/],
    [{ age: -400 }, /too new/],
    [{ secret: 'whsec_AAECAwQFBgcICQoLDA0ODxAR' }, /No matching signature/],
  ]) {
    await deliver(body)
    const message = messages.pop()
    await assert.rejects(async () => verify(message), reason)
  }
  await fathom.deleteWebhook({ id: hook.id })
  assert.deepEqual(statuses, [201, 204])
  await fathom.deleteWebhook({ id: hook.id })
  assert.equal(statuses.at(-1), 404)
})

test('invalid requests get the statuses that Fathom documents', async () => {
  const { fathom, statuses } = newClient({ security: { apiKeyAuth: 'wrong' } })
  await fathom.listMeetings()
  assert.deepEqual(statuses, [401])
  const authorized = newClient()
  await authorized.fathom.createWebhook({ destinationUrl: 'https://e.test/x', triggeredFor: ['my_recordings'] })
  assert.deepEqual(authorized.statuses, [400], 'a webhook must include some part')
  await assert.rejects(authorized.fathom.getRecordingSummary({ recordingId: 5 }), { statusCode: 404 })
})

test('the SDK retries after the Retry-After of a 429', async () => {
  const { fathom, statuses } = newClient({
    retryConfig: { strategy: 'backoff', backoff: { initialInterval: 10, maxInterval: 2000, exponent: 1.5, maxElapsedTime: 5000 } },
  })
  await control('POST', 'faults', { path: '/external/v1/teams', status: 503 })
  await control('POST', 'faults', { path: '/external/v1/teams', status: 429, retry_after: 1 })
  const start = Date.now()
  assert.equal((await fathom.listTeams()).result.items.length, 4)
  assert.deepEqual(statuses, [503, 429, 200])
  assert.ok(Date.now() - start >= 1000, 'the SDK waits for Retry-After')
})

test('a recording id above 2^53 is not rounded', async () => {
  await fetch(`${SIM_URL}/_simulator/meetings`, { method: 'POST', body: '{"recording_id":9007199254740993,"title":"Big"}' })
  const text = await (await fetch(`${api}/meetings`, { headers: { 'x-api-key': SIM_KEY } })).text()
  assert.ok(text.includes('"recording_id":9007199254740993,'))
})

test('downloads, users and meeting types work without the SDK', async () => {
  const headers = { 'x-api-key': SIM_KEY }
  for (const path of ['meeting_types', 'users']) {
    const res = await fetch(`${api}/${path}`, { headers })
    assert.equal(res.status, 200)
    assert.ok((await res.json()).items.length > 0)
  }
  const requested = await fetch(`${api}/recordings/1001/download`, { method: 'POST', headers, body: '{}' })
  assert.equal(requested.status, 202)
  let download = await requested.json()
  for (let i = 0; i < 20 && download.status === 'processing'; i++) {
    download = await (await fetch(`${api}/recordings/1001/downloads/${download.download_id}`, { headers })).json()
  }
  assert.equal(download.status, 'completed')
  const file = await (await fetch(download.video.url)).arrayBuffer()
  assert.equal(file.byteLength, download.video.file_size_bytes)
  const digest = Buffer.from(await crypto.subtle.digest('SHA-256', file)).toString('hex')
  assert.equal(digest, (await control('GET', 'meetings/1001')).sha256)
  assert.deepEqual((await control('GET', 'requests')).violations, [])
})
