// States of jobs, full storage, cancelled sign-ins and summaries that can't be formatted. The server has little storage, sign-in
// with Google and GitHub, and serves the app's sources, whose modules the tests import.
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { button, complaints, context, meetingLink, openPage, page, password, SERVER_URL, shot, showTab, signUp, signUpAndSync, SIM_URL, takeComplaints, test } from './browser.mjs'

const openFirst = () => meetingLink().first().click()

async function transfer() {
  await button('Copy').click()
  await page.getByRole('heading', { name: /Your turn|Problem/ }).waitFor()
}

/** Calls a function with the workspace of the page. */
const inWorkspace = (run, argument) => page.evaluate(`(async () => {
  const { session } = await import('/src/data/session.js')
  return (${run})(session.value.workspace, ${JSON.stringify(argument ?? null)})
})()`)

test('a copied video is “your turn”, and “On Loom” only when it is there', async () => {
  await signUpAndSync('turn@example.com')
  await openFirst()
  await transfer()
  const title = await page.getByRole('heading', { level: 1 }).textContent()
  await openPage('Activity')
  const row = page.locator('.job').filter({ hasText: title })
  const turn = row.getByRole('link', { name: 'Your turn' })
  await turn.waitFor()
  assert.equal(await row.getByText('On Loom', { exact: true }).count(), 0)
  await shot('activity-your-turn')
  await turn.click()

  const [download] = await Promise.all([page.waitForEvent('download'), button('Download').click()])
  const uploaded = await fetch(`${SIM_URL}/_simulator/loom/upload?filename=${encodeURIComponent(download.suggestedFilename())}`, {
    method: 'POST', body: await readFile(await download.path()),
  })
  await page.getByLabel('Loom share link').fill((await uploaded.json()).share_url)
  await button('Save link').click()
  await page.getByRole('heading', { name: 'On Loom' }).waitFor()
  await openPage('Activity')
  await row.getByText('On Loom', { exact: true }).waitFor()
  assert.equal(await turn.count(), 0)
  assert.deepEqual(complaints, [])
})

test('times in rows go on', async () => {
  await page.clock.install()
  await signUpAndSync('clock@example.com')
  await openPage('Activity')
  await page.locator('.job').getByText('Ended just now.').waitFor()
  await page.clock.runFor(20_000)
  await page.getByText(/^Ended 2\d seconds ago\.$/).waitFor()
  await page.clock.runFor(160_000)
  await page.getByText('Ended 3 minutes ago.').waitFor()
  assert.deepEqual(complaints, [])
})

test('a job that only waited has made no attempt', async () => {
  await signUp('waiting@example.com')
  await openPage('Activity')
  await page.getByRole('heading', { name: 'No active jobs' }).waitFor()
  const putJob = (...outcomes) => inWorkspace((workspace, { outcomes, now }) => {
    const at = (seconds) => new Date(now + seconds * 1_000).toISOString().replace('T', ' ')
    workspace.jobs.put({
      id: 'waiting-job-001', kind: 'recording.transfer', payload: { recording_id: 1 }, status: 'pending', stage: 'preparing download', progress: 0, attempts: 0,
      created: at(0), updated: at(outcomes.length), run_at: at(60), started_at: at(0), finished_at: '', error: '', position: 0, estimated_start: '', estimated_end: '',
      history: outcomes.map((outcome) => ({ attempt: 1, started: at(0), ended: at(0), outcome })),
    })
  }, { outcomes, now: Date.now() })
  const row = page.locator('[data-job="waiting-job-001"]')
  await putJob('snoozed')
  await row.getByText(/^Fathom is preparing the video\. Continues in/).waitFor()
  assert.equal(await row.getByText(/attempt/).count(), 0)
  await putJob('snoozed', 'failed', 'snoozed', 'released')
  await row.getByText('1 attempt', { exact: true }).click()
  assert.deepEqual(await row.locator('.attempts li p:last-child').allTextContents(), ['Failed.'])
  assert.deepEqual(complaints, [])
})

test('a full storage says what is needed and leads to what can be deleted', async () => {
  await signUpAndSync('full@example.com')
  const links = await page.locator('.row-title').evaluateAll((titles) => titles.map((title) => title.href))
  const isFull = page.getByRole('alert').filter({ hasText: /storage/i })
  let failed = ''
  for (const link of links) {
    await page.goto(link)
    await transfer()
    failed = link
    if (await isFull.count()) break
  }
  await isFull.getByRole('link', { name: 'Free up storage' }).waitFor()
  await shot('storage-full')
  await openPage('Activity')
  await page.getByRole('navigation', { name: 'Show' }).getByRole('link', { name: 'Problems 1' }).click()
  assert.match(page.url(), /\/activity\?show=problems$/)
  await page.reload()
  await page.getByRole('heading', { name: /storage/i, level: 2 }).waitFor()
  assert.equal(await page.getByRole('heading', { name: 'Today' }).count(), 0, 'only problems are shown')
  await shot('activity-problems')
  await page.getByLabel('Jobs').selectOption('Syncs')
  await page.getByText('No problems.').waitFor()
  await page.goBack()
  await page.getByRole('heading', { name: 'Today' }).waitFor()
  await page.getByRole('link', { name: 'Free up storage' }).click()

  const videos = page.locator('.videos li')
  await videos.first().getByText(/4\.0\sMB video · .* text · Your turn/).waitFor()
  const deletions = videos.getByRole('button', { name: /^Delete video: / })
  const before = await deletions.count()
  assert.ok(before < await videos.count(), 'meetings without a video are listed, too')
  await deletions.first().click()
  await videos.first().getByText(/free 4\.0\sMB\? It is not on Loom yet/).waitFor()
  await shot('settings-storage-videos')
  await videos.first().getByRole('group').getByRole('button', { name: 'Delete video' }).click()
  await page.waitForFunction((count) => document.querySelectorAll('.videos button[aria-label^="Delete video: "]').length === count - 1, before)

  await page.goto(failed)
  await button('Retry').click()
  await page.getByRole('heading', { name: 'Your turn' }).waitFor()
  await page.getByText(/The video stored here takes up 4\.0\sMB/).waitFor()
  await button('Delete stored video').click()
  await page.getByRole('group').getByRole('button', { name: 'Delete stored video' }).click()
  await page.getByText('The video stored here was deleted.').waitFor()
  await shot('video-deleted')
  await button('Copy again').click()
  await button('Download').waitFor()
  assert.deepEqual(complaints, [])
})

test('the video of a failed transfer can be deleted', async () => {
  await signUpAndSync('failed@example.com')
  await openFirst()
  await transfer()
  await inWorkspace((workspace) => {
    const [transfer] = workspace.transfers.records.value.values()
    workspace.transfers.put({ ...transfer, status: 'failed', error: 'Loom takes only video.', updated: '9999' })
  })
  await page.getByRole('heading', { name: 'Problem' }).waitFor()
  await shot('failed-with-video')
  await button('Delete stored video').click()
  await page.getByRole('group').getByRole('button', { name: 'Delete stored video' }).click()
  await page.locator('video').waitFor({ state: 'detached' })
  assert.equal(await inWorkspace(async (workspace) => (await workspace.db.collection('recordings').getFullList()).length), 0)
  assert.deepEqual(complaints, [])
})

test('a meeting is deleted with everything that belongs to it', async () => {
  await signUpAndSync('deletion@example.com')
  await openFirst()
  await transfer()
  const [other] = [await context.newPage()]
  await other.goto(page.url())
  await other.getByRole('heading', { name: 'Your turn' }).waitFor()
  await button('Delete meeting…').click()
  await shot('delete-meeting')
  await button('Delete meeting').click()
  await page.getByText(/^23 meetings$/).waitFor()
  for (const message of ['This meeting was deleted.', 'There is no meeting at this address.']) { // the latter after the page is loaded again
    await other.getByRole('alert').filter({ hasText: message }).getByRole('link', { name: 'Back to meetings' }).waitFor()
    assert.equal(await other.getByRole('button', { name: 'Try again' }).count(), 0)
    await other.getByRole('heading', { name: 'Meeting not found', level: 1 }).waitFor()
    assert.match(await other.title(), /^Meeting not found/)
    await other.reload()
  }
  await other.getByRole('link', { name: 'Back to meetings' }).click()
  await other.getByText(/^23 meetings$/).waitFor()
  for (const collection of ['recordings', 'transcripts', 'transfers']) {
    assert.equal(await inWorkspace(async (workspace, name) => (await workspace.db.collection(name).getFullList({ batch: 5 })).length, collection), 0, collection)
  }
  assert.deepEqual(complaints, [])
})

test('a summary that cannot be formatted is shown as plain text', async () => {
  await page.route('**/src/lib/markdown.js', (route) => route.fulfill({
    contentType: 'text/javascript',
    body: 'export const excerpt = (text) => text; export function parseMarkdown() { throw new Error("broken on purpose") }',
  }))
  await signUpAndSync('plain@example.com')
  await page.route(/\/collections\/meetings\/records\/[a-z0-9]{15}/, async (route) => {
    const response = await route.fetch()
    await route.fulfill({ response, json: { ...await response.json(), summary: 'Some **bold** words' } })
  })
  await meetingLink().click()
  await showTab('Summary')
  await page.getByRole('tabpanel').getByText('Some **bold** words').waitFor()
  await showTab('Transcript')
  await page.getByRole('tabpanel', { name: 'Transcript' }).waitFor()
  assert.ok(takeComplaints('broken on purpose') > 0)
  assert.deepEqual(complaints, [])
})

const providers = () => page.getByRole('button', { name: /Google|GitHub/ })

/** Opens the provider's page, which is not reachable from here. */
async function chooseGoogle() {
  await context.route('https://accounts.google.com/**', (route) => route.fulfill({ contentType: 'text/html', body: '<title>Google</title>' }))
  await page.goto(SERVER_URL)
  const [popup] = await Promise.all([context.waitForEvent('page'), button('Continue with Google').click()])
  await popup.waitForURL('https://accounts.google.com/**')
  await button('Waiting for Google…').waitFor()
  assert.deepEqual(await providers().evaluateAll((buttons) => buttons.map(({ disabled }) => disabled)), [true, true])
  return popup
}

/** Lets the server's redirect page report a code. @param {import('playwright-core').Page} popup */
const comeBack = (popup, query) => popup.goto(`${SERVER_URL}/api/oauth2-redirect?state=${new URL(popup.url()).searchParams.get('state')}&${query}`).catch(() => {}) // it closes itself

test('a closed sign-in window enables the buttons again', async () => {
  const popup = await chooseGoogle()
  await shot('sign-in-waiting')
  await popup.close()
  await page.getByText('Sign-in was cancelled.').waitFor()
  await shot('sign-in-cancelled')
  assert.deepEqual(await providers().evaluateAll((buttons) => buttons.map(({ disabled }) => disabled)), [false, false])
  const [again] = await Promise.all([context.waitForEvent('page'), button('Continue with GitHub').click()])
  await button('Waiting for GitHub…').waitFor()
  await again.close()
  assert.deepEqual(complaints, [])
})

test('a sign-in that is refused at the provider was cancelled, too', async () => {
  const popup = await chooseGoogle()
  await comeBack(popup, 'error=access_denied')
  await page.getByText('Sign-in was cancelled.').waitFor()
  await button('Continue with Google').waitFor()
  assert.deepEqual(complaints, [])
})

test('a sign-in succeeds although its window closes first', async () => {
  await signUp('oauth@example.com')
  await button('Sign out').click()
  const popup = await chooseGoogle()
  await page.route('**/auth-with-oauth2', async (route) => { // the provider's answer takes its time
    const response = await fetch(`${SERVER_URL}/api/collections/users/auth-with-password`, {
      method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ identity: 'oauth@example.com', password }),
    })
    await page.getByText('Sign-in was cancelled.').waitFor()
    await route.fulfill({ json: await response.json() })
  })
  await comeBack(popup, 'code=a-code')
  await popup.close()
  await page.locator('.user .email').getByText('oauth@example.com').waitFor()
  assert.deepEqual(complaints, [])
})

test('where a sign-in window is blocked, the page itself leads to the provider', async () => {
  await page.addInitScript(() => { globalThis.open = () => null })
  await page.route('https://accounts.google.com/**', (route) => route.fulfill({ contentType: 'text/html', body: 'Google' }))
  await page.goto(SERVER_URL)
  await button('Continue with Google').click()
  await page.waitForURL(/^https:\/\/accounts\.google\.com\/.*redirect_uri=/)
  assert.deepEqual(complaints, [])
})
