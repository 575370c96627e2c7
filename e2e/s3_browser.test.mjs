// Drives the web app in a real browser when recordings are in S3. The account of Ada has one recording, the second half
// of which lies so far behind the first that a player must seek.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { ACCOUNT_PASSWORD, allowOrigin, counts, S3_URL, setClock } from './bucket.mjs'
import { button, complaints, meetingLink, openPage, page, SERVER_URL, shot, signUpAndSync, SIM_URL, takeComplaints, test } from './browser.mjs'

async function signIn() {
  await page.goto(SERVER_URL)
  await page.getByLabel('E-mail').fill('ada@example.com')
  await page.getByLabel('Password').fill(ACCOUNT_PASSWORD)
  await button('Sign in').click()
  await meetingLink().waitFor()
}

/** Collects the statuses and ranges of the responses from S3. */
function watchS3() {
  /** @type {{status: number, start: number}[]} */
  const responses = []
  page.on('response', (response) => {
    if (!response.url().startsWith(`${S3_URL}/`)) return
    const range = /^bytes (\d+)-/.exec(response.headers()['content-range'] ?? '')
    responses.push({ status: response.status(), start: Number(range?.[1] ?? 0) })
  })
  return responses
}

/** Waits for a state of the player. The page's policy forbids waitForFunction. @param {(video: HTMLVideoElement) => boolean} condition */
async function waitForVideo(condition) {
  for (const deadline = Date.now() + 60_000; !await page.locator('video').evaluate(condition);) {
    assert.ok(Date.now() < deadline, `the player is not in the state ${condition}`)
    await setTimeout(50)
  }
}

/** @param {(video: HTMLVideoElement) => unknown} act */
const withVideo = (act) => page.locator('video').evaluate(act)

// Pages can't read frames of a video that comes from another server.
test('watching a recording in S3 gives its meeting a poster', async () => {
  await signIn()
  await meetingLink().click()
  await waitForVideo((video) => video.readyState >= 1)
  const saved = page.waitForResponse((response) => response.request().method() === 'PUT' && response.url().endsWith('/poster'))
  await withVideo((video) => { video.muted = true; return video.play() })
  assert.equal((await saved).status(), 200)
  await openPage('Meetings')
  await page.locator('img.thumb').waitFor()
  assert.deepEqual(complaints, [])
})

test('the player plays and seeks in S3 without CORS', async () => {
  await signIn()
  const responses = watchS3()
  await meetingLink().click()
  await waitForVideo((video) => video.readyState >= 1)
  await withVideo((video) => { video.muted = true; return video.play() })
  await waitForVideo((video) => video.currentTime > 0.5)
  await page.getByRole('heading', { name: 'Transcript' }).waitFor()
  await shot('video-in-s3')
  assert.ok(responses.length > 0 && responses.every(({ status }) => status === 206), JSON.stringify(responses))
  assert.ok(responses.every(({ start }) => start < 10e6), JSON.stringify(responses))

  await withVideo((video) => { video.pause(); video.currentTime = video.duration - 3 })
  await waitForVideo((video) => !video.seeking && video.readyState >= 2)
  assert.ok(responses.some(({ status, start }) => status === 206 && start > 10e6), JSON.stringify(responses))
  assert.deepEqual(complaints, [])
})

test('the player continues to play when the link to S3 has expired', async () => {
  await signIn()
  const responses = watchS3()
  await meetingLink().click()
  await waitForVideo((video) => video.readyState >= 1)
  await setClock('16m')
  await page.clock.setSystemTime(Date.now() + 16 * 60_000)
  // The bucket's clock would refuse new links, too, because the server's is behind.
  await page.route('**/api/files/**', (route) => setClock('0s').then(() => route.continue()))
  await withVideo((video) => { video.muted = true; video.playbackRate = 0.5; return video.play() })
  await withVideo((video) => { video.currentTime = video.duration - 3.5 })
  await waitForVideo((video) => video.duration - video.currentTime < 3.4 && !video.paused && video.playbackRate === 0.5)
  assert.ok(responses.some(({ status }) => status === 403), JSON.stringify(responses))
  assert.ok(responses.some(({ status, start }) => status === 206 && start > 10e6), JSON.stringify(responses))
  await shot('video-after-expiry')
  takeComplaints('403') // browsers report it
  assert.deepEqual(complaints, [])
})

test('a recording is transferred to S3 and downloaded', async () => {
  await signUpAndSync('downloader@example.com')
  const responses = watchS3()
  await meetingLink().click()
  await button('Copy').click()
  await page.getByRole('heading', { name: 'Your turn' }).waitFor()
  await waitForVideo((video) => video.readyState >= 1)
  const before = (await counts()).GetObject
  const [download] = await Promise.all([page.waitForEvent('download'), button('Download').click()])
  assert.match(download.suggestedFilename(), /^\d{4}-\d{2}-\d{2} \d{2}\.\d{2} Weekly product sync\.mp4$/)
  const { sha256 } = await (await fetch(`${SIM_URL}/_simulator/meetings/1001`)).json()
  assert.equal(createHash('sha256').update(await readFile(await download.path())).digest('hex'), sha256)
  assert.ok((await counts()).GetObject > before, 'the file comes from S3')
  assert.ok(responses.length > 0)
  assert.deepEqual(complaints, [])
})

test('the page may load recordings from S3, and nothing from elsewhere', async () => {
  const policy = (await page.goto(SERVER_URL)).headers()['content-security-policy']
  for (const [directive, ...others] of [['media-src', 'blob:'], ['connect-src']]) { // captions are blobs
    const sources = policy.split('; ').find((part) => part.startsWith(`${directive} `)).split(' ').slice(1)
    assert.deepEqual(sources.sort(), ["'self'", ...others, SERVER_URL, S3_URL].sort())
  }
  assert.equal(policy.split(S3_URL).length, 3, 'no other directive allows the bucket')
  await page.evaluate((address) => fetch(address).catch(() => {}), `${SIM_URL}/_simulator/meetings/1001`)
  assert.ok(takeComplaints('Content Security Policy') > 0)
})

test('the SDK reads files in a page of the server if the bucket has the CORS rule', async () => {
  await page.route('**/vendor/pocketbase.js', (route) => route.fulfill({ path: fileURLToPath(new URL('../pb_public/vendor/pocketbase.js', import.meta.url)), contentType: 'text/javascript' }))
  await page.goto(SERVER_URL)
  /** Fetches Ada's recording in the page. @returns {Promise<{status?: number, bytes?: number, sum?: string, size?: number, sha256?: string, error?: string}>} */
  const read = (query, headers = {}) => page.evaluate(async ({ server, password, query, headers }) => {
    const { default: PocketBase } = await import('/vendor/pocketbase.js')
    const pb = new PocketBase(server)
    const { meta } = await pb.collection('users').authWithPassword('ada@example.com', password)
    const db = new PocketBase(meta.database.url)
    db.authStore.save(meta.database.token, null)
    const recording = await db.collection('recordings').getFirstListItem('recording_id = 1001')
    const url = db.files.getURL(recording, recording.file, { token: await db.files.getToken(), ...query })
    if (headers.Authorization) headers.Authorization = db.authStore.token
    try {
      const res = await fetch(url, { headers })
      return { status: res.status, bytes: (await res.arrayBuffer()).byteLength, range: res.headers.get('content-range') }
    } catch (err) {
      return { error: String(err) }
    }
  }, { server: SERVER_URL, password: ACCOUNT_PASSWORD, query, headers })

  assert.ok((await read({})).error, 'without the rule, the browser hides the response')
  assert.ok(takeComplaints('CORS') + takeComplaints('Failed to load') > 0)
  assert.equal((await read({ proxy: 1 })).status, 200)

  await allowOrigin(new URL(SERVER_URL).origin)
  const whole = await read({})
  assert.equal(whole.status, 200)
  assert.ok(whole.bytes > 16e6)
  const part = await read({}, { Range: 'bytes=4-7' })
  assert.deepEqual([part.status, part.bytes], [206, 4])
  const authorized = await read({}, { Authorization: 'session' })
  assert.deepEqual([authorized.status, authorized.bytes], [200, whole.bytes])
  assert.deepEqual(complaints, [])
})
