// Several tabs of the web app in one browser, which share their realtime streams. The server serves the app's sources, whose
// modules the tests import.
import assert from 'node:assert/strict'
import { button, complaints, context, meetingLink, openSettings, page, password, SERVER_URL, signUp, signUpAndSync, takeComplaints, test } from './browser.mjs'

/** @typedef {import('playwright-core').Page} Page */

/** The number of streams that a tab holds. @type {WeakMap<Page, number>} */
const streams = new WeakMap()

/** Counts the streams of a tab from now on. @param {Page} tab */
function watchStreams(tab) {
  streams.set(tab, 0)
  const count = (change) => (request) => request.resourceType() === 'eventsource' && streams.set(tab, streams.get(tab) + change)
  tab.on('request', count(1))
  tab.on('requestfinished', count(-1))
  tab.on('requestfailed', count(-1))
}

/** Opens further tabs. @param {number} count @param {string} path */
async function openTabs(count, path) {
  const tabs = []
  for (let n = 0; n < count; n++) {
    const tab = await context.newPage()
    tab.setDefaultTimeout(60_000)
    watchStreams(tab)
    tab.on('pageerror', (error) => complaints.push(String(error)))
    await tab.goto(SERVER_URL + path)
    tabs.push(tab)
  }
  return tabs
}

/** The milliseconds that a tab waits for an answer of the server. @param {Page} tab */
const healthCheck = (tab) => tab.evaluate(async () => {
  const start = performance.now()
  const response = await fetch('/api/health', { signal: AbortSignal.timeout(5_000) })
  await response.text()
  return performance.now() - start
})

/** @param {Page[]} tabs */
async function assertAllAnswer(tabs) {
  for (const tab of tabs) {
    const waited = await healthCheck(tab)
    assert.ok(waited < 1_000, `tab ${tabs.indexOf(tab) + 1} of ${tabs.length} waited ${Math.round(waited)} ms`)
  }
}

/** @param {Page[]} tabs */
const holders = (tabs) => tabs.filter((tab) => streams.get(tab) > 0)

/** Waits until one of the tabs holds both streams and the others none. @param {Page[]} tabs */
async function leaderOf(tabs) {
  for (let deadline = Date.now() + 15_000; ;) {
    const [leader, ...others] = holders(tabs)
    if (leader && !others.length && streams.get(leader) === 2) return leader
    assert.ok(Date.now() < deadline, `the tabs hold ${tabs.map((tab) => streams.get(tab))} streams`)
    await tabs[0].waitForTimeout(50)
  }
}

/** Creates a connection in one tab, and waits until all show it. @param {Page[]} tabs */
async function assertAllHear(tabs, secret) {
  await tabs[0].evaluate(async (key) => {
    const { session } = await import('/src/data/session.js')
    const connections = session.value.workspace.db.collection('connections')
    const [known] = await connections.getFullList()
    await (known ? connections.update(known.id, { secret: key }) : connections.create({ provider: 'fathom', secret: key }))
  }, secret)
  for (const tab of tabs) await tab.getByText(secret.slice(-4)).waitFor()
}

test('five tabs share two streams and answer at once', async () => {
  watchStreams(page)
  await signUp('tabs@example.com')
  const tabs = [page, ...await openTabs(4, '/settings/fathom')]
  await openSettings('Fathom')
  for (const tab of tabs) await tab.getByRole('heading', { name: 'Fathom', level: 1 }).waitFor()
  await assertAllAnswer(tabs)
  const leader = await leaderOf(tabs)
  await assertAllHear(tabs, 'a-wrong-key-aaaa')

  await leader.close()
  const remaining = tabs.filter((tab) => tab !== leader)
  await assertAllHear(remaining, 'a-wrong-key-bbbb') // at once, while another tab takes over
  await leaderOf(remaining)
  await assertAllHear(remaining, 'a-wrong-key-cccc')
  await assertAllAnswer(remaining)
  assert.deepEqual(complaints, [])
})

// Case C31: a tab that slept reads what it missed.
test('a leader that stops responding is replaced', async () => {
  watchStreams(page)
  await signUp('frozen@example.com')
  await openSettings('Fathom')
  const frozen = await leaderOf([page])
  const tabs = await openTabs(2, '/settings/fathom')
  await assertAllHear(tabs, 'a-wrong-key-aaaa')
  const devtools = await context.newCDPSession(frozen)
  await devtools.send('Debugger.enable')
  await devtools.send('Debugger.pause')
  await assertAllHear(tabs, 'a-wrong-key-bbbb')
  await leaderOf(tabs)
  await devtools.send('Debugger.disable')
  await frozen.getByText('bbbb').waitFor() // it reads what it missed
  await leaderOf([frozen, ...tabs])
  await assertAllHear([frozen, ...tabs], 'a-wrong-key-cccc')
  assert.deepEqual(complaints, [])
})

test('a frozen leader gives the streams up and reads again when it resumes', async () => {
  watchStreams(page)
  await signUp('lifecycle@example.com')
  await openSettings('Fathom')
  const frozen = await leaderOf([page])
  const tabs = await openTabs(2, '/settings/fathom')
  await assertAllHear(tabs, 'a-wrong-key-aaaa')
  // DevTools can't freeze a visible page reliably, so these are the browser's events without their cause.
  await frozen.evaluate(() => document.dispatchEvent(new Event('freeze')))
  await leaderOf(tabs)
  await assertAllHear(tabs, 'a-wrong-key-bbbb')
  await frozen.evaluate(() => document.dispatchEvent(new Event('resume')))
  await frozen.getByText('bbbb').waitFor()
  await assertAllHear([...tabs, frozen], 'a-wrong-key-cccc')
  assert.deepEqual(complaints, [])
})

test('tabs share streams without Web Locks, as on plain HTTP', async () => {
  await context.addInitScript(() => Object.defineProperty(Navigator.prototype, 'locks', { value: undefined }))
  watchStreams(page)
  await signUp('lan@example.com')
  const tabs = [page, ...await openTabs(4, '/settings/fathom')]
  await openSettings('Fathom')
  await assertAllAnswer(tabs)
  await assertAllHear(tabs, 'a-wrong-key-aaaa')
  const leader = await leaderOf(tabs)
  await leader.close()
  const remaining = tabs.filter((tab) => tab !== leader)
  await assertAllHear(remaining, 'a-wrong-key-bbbb')
  await leaderOf(remaining)
  assert.deepEqual(complaints, [])
})

test('two tabs, the video player and a download leave connections for requests', async () => {
  watchStreams(page)
  await signUpAndSync('player@example.com')
  await meetingLink().click()
  await button('Copy').click()
  await page.getByRole('heading', { name: 'Your turn' }).waitFor()
  const [other] = await openTabs(1, new URL(page.url()).pathname)
  const tabs = [page, other]
  for (const tab of tabs) {
    await tab.locator('video').evaluate((video) => new Promise((resolve) => {
      if (video.readyState > 0) return resolve()
      video.addEventListener('loadedmetadata', resolve)
    }))
  }
  await page.evaluate(async () => { // a download whose bytes nobody reads
    const { session } = await import('/src/data/session.js')
    const { db } = session.value.workspace
    const recording = await db.collection('recordings').getFirstListItem('')
    globalThis.download = await fetch(db.files.getURL(recording, recording.file, { token: await db.files.getToken(), download: true }))
  })
  await assertAllAnswer(tabs)
  await leaderOf(tabs)
  assert.deepEqual(complaints, [])
})

test('signing out, and another account, reach all tabs', async () => {
  watchStreams(page)
  await signUp('second-account@example.com')
  await page.evaluate(() => localStorage.clear())
  await page.reload()
  await signUp('first-account@example.com')
  const tabs = [page, ...await openTabs(2, '/settings/fathom')]
  const email = (tab) => tab.locator('.user .email')
  for (const tab of tabs) await email(tab).getByText('first-account').waitFor()
  await page.evaluate(async (secret) => {
    const { pb } = await import('/src/data/clients.js')
    pb.collection('users').authWithPassword('second-account@example.com', secret) // the page reloads
  }, password)
  for (const tab of tabs) await email(tab).getByText('second-account').waitFor()
  await tabs[1].getByRole('button', { name: 'Sign out' }).click()
  for (const tab of tabs) await tab.getByRole('heading', { name: 'Sign in' }).waitFor()
  for (const deadline = Date.now() + 10_000; holders(tabs).length && Date.now() < deadline;) await page.waitForTimeout(50)
  assert.deepEqual(holders(tabs), [])
  takeComplaints('401') // of requests that were running when the account changed
  assert.deepEqual(complaints, [])
})

test('a renewed session reaches all tabs', async () => {
  await signUp('renewal@example.com')
  const [other] = await openTabs(1, '/settings/fathom')
  await other.getByRole('heading', { name: 'Fathom', level: 1 }).waitFor()
  const token = await page.evaluate(async () => {
    const [{ session }, { pb }] = await Promise.all([import('/src/data/session.js'), import('/src/data/clients.js')])
    const renewed = await pb.send('/api/session', { method: 'POST' })
    session.value.workspace.db.authStore.save(renewed.token, null)
    return renewed.token
  })
  assert.equal(await other.evaluate(async () => {
    const { session } = await import('/src/data/session.js')
    return session.value.workspace.db.authStore.token
  }), token)
})

test('a page shows the meetings while the server checks the account', async () => {
  await signUpAndSync('at-once@example.com')
  let answer
  await page.route('**/auth-refresh', (route) => {
    answer = () => route.continue()
  })
  await page.reload()
  await meetingLink().waitFor()
  assert.ok(answer, 'the account is not checked')
  const answered = page.waitForResponse('**/auth-refresh')
  await button('Sign out').click()
  await page.getByRole('heading', { name: 'Sign in' }).waitFor()
  await answer()
  await (await answered).finished()
  await page.unroute('**/auth-refresh')
  await page.reload()
  await page.getByRole('heading', { name: 'Sign in' }).waitFor() // the answer that came late has signed nobody in
  assert.equal(await meetingLink().count(), 0)
})

test('the player continues to play after the session has ended with which it began', async () => {
  await signUpAndSync('viewer@example.com')
  await meetingLink().click()
  await button('Copy').click()
  await page.getByRole('heading', { name: 'Your turn' }).waitFor()
  const video = page.locator('video')
  await video.evaluate((player) => new Promise((resolve) => {
    if (player.readyState > 0) return resolve()
    player.addEventListener('loadedmetadata', resolve)
  }))
  const first = await video.evaluate((player) => player.src)
  await page.clock.setSystemTime(Date.now() + 3600_000) // what fails at once can't be played, what fails later has ended
  await page.evaluate(async () => {
    const { signOutElsewhere } = await import('/src/data/session.js')
    await signOutElsewhere() // ends all tokens so far, also those in the addresses of files
  })
  assert.equal((await fetch(first)).status, 401)
  await video.evaluate((player) => {
    player.muted = true
    player.load() // as after a pause in which the browser has dropped what it had read
    return player.play().catch(() => {})
  })
  await page.waitForFunction((old) => {
    const player = document.querySelector('video')
    return player && player.src !== old && player.currentTime > 0.2
  }, first)
  takeComplaints('401') // browsers report it
  assert.deepEqual(complaints, [])
})
