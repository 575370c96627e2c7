// Drives the web app in a real browser, as a user does.
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import {
  button, complaints, connected, context, meetingLink, openBrowser, page, saveKey, SERVER_URL, shot, signInAsAdmin, signUp, signUpAndSync, SIM_KEY, SIM_URL,
  simulate, takeComplaints, test,
} from './browser.mjs'

const summarySection = () => page.locator('article section').filter({ has: page.getByRole('heading', { name: 'Summary' }) })

/** Replaces the summary in every meeting that the server returns. @param {() => string} summary */
const replaceSummaries = (summary) => page.route(/\/collections\/meetings\/records\/[a-z0-9]{15}/, async (route) => {
  const response = await route.fetch()
  await route.fulfill({ response, json: { ...await response.json(), summary: summary() } })
})

test('sign up, save the key, sync, transfer, hand over', async () => {
  let infoRequests = 0
  page.on('request', (request) => { if (request.url().endsWith('/api/app')) infoRequests++ })
  await page.goto(SERVER_URL)
  await page.getByRole('heading', { name: 'Sign in' }).waitFor()
  await shot('sign-in')
  await button('Create account').waitFor()
  assert.equal(infoRequests, 1, 'the page asks who may create an account')
  infoRequests = 0 // the page is loaded again
  await signUp('ada@example.com')
  await saveKey(SIM_KEY)
  await connected().waitFor()
  await page.getByText(SIM_KEY.slice(-4)).waitFor()
  assert.ok(!(await page.content()).includes(SIM_KEY), 'the key is shown')
  await shot('connections')

  await page.getByRole('link', { name: 'Meetings' }).first().click()
  await button('Sync meetings').click()
  await meetingLink().waitFor()
  await shot('meetings')

  await meetingLink().click()
  await button('Start transfer').click()
  await page.getByRole('heading', { name: 'Ready to upload' }).waitFor()
  await page.getByRole('heading', { name: /summary/i }).first().waitFor()
  await shot('hand-over')

  const [download] = await Promise.all([page.waitForEvent('download'), button('Download').click()])
  assert.match(download.suggestedFilename(), /^\d{4}-\d{2}-\d{2} \d{2}\.\d{2} Weekly product sync\.mp4$/)
  const [popup] = await Promise.all([context.waitForEvent('page'), page.locator('.loom-steps').getByRole('link', { name: /^Open / }).click()])
  assert.equal(popup.url().split('#')[0], `${SIM_URL}/looms/videos`, 'the link opens the Loom that the server is configured for')
  await popup.close()
  const bytes = await readFile(await download.path())
  const uploaded = await fetch(`${SIM_URL}/_simulator/loom/upload?filename=${encodeURIComponent(download.suggestedFilename())}`, { method: 'POST', body: bytes })
  const { share_url } = await uploaded.json()

  await page.getByLabel('Loom share link').fill('https://example.com/video')
  await button('Save link').click()
  await page.locator('.error, [role=alert]').filter({ hasText: /Loom share link/ }).first().waitFor()
  assert.equal(takeComplaints('400'), 1)

  const renamed = await fetch(`${SIM_URL}/_simulator/loom/upload?filename=Something%20else.mp4`, { method: 'POST', body: bytes })
  await page.getByLabel('Loom share link').fill((await renamed.json()).share_url)
  await button('Save link').click()
  await page.getByText('The video at Loom has another title than this recording.').waitFor()
  await page.getByText(/^Something else · 0:24$/).waitFor()
  await button('Save anyway').waitFor()
  await shot('doubtful-link')
  assert.equal(takeComplaints('400'), 1)
  await page.getByLabel('Loom share link').fill(share_url)
  await button('Save link').click()
  await page.getByRole('heading', { name: 'On Loom' }).waitFor()
  await shot('delivered')
  assert.equal(infoRequests, 1, 'the server info is requested once')

  await page.reload()
  await page.getByRole('heading', { name: 'On Loom' }).waitFor()
  assert.deepEqual(complaints, [])
})

test('a rejected key is reported', async () => {
  await signUp('wrong@example.com')
  await saveKey('this-is-no-fathom-key')
  await page.getByText('Not working').waitFor()
  await page.getByText(/refused this API key/).waitFor()
  await shot('wrong-key')
  assert.deepEqual(complaints, [])
})

test('a second user in the same browser sees no data of the first', async () => {
  await signUpAndSync('first@example.com')
  await button('Sign out').click()
  await page.getByRole('heading', { name: 'Sign in' }).waitFor()
  assert.equal(await page.evaluate(() => localStorage.length), 0)

  await signUp('second@example.com')
  await page.getByRole('link', { name: 'Meetings' }).first().click()
  await page.getByRole('link', { name: /connection|key/i }).first().waitFor()
  assert.ok(!(await page.content()).includes('Weekly product sync'))
  assert.deepEqual(complaints, [])
})

test('storage, data export and account deletion', async () => {
  await signUp('leaver@example.com')
  await page.getByRole('link', { name: 'Account' }).click()
  await page.getByText(/kB used/).waitFor()
  await shot('account')
  const [download] = await Promise.all([page.waitForEvent('download'), button('Export data').click()])
  assert.match(download.suggestedFilename(), /^fathom-to-loom-\d{4}-\d{2}-\d{2}-\d{3}-leaver-.*\.zip$/)
  const archive = await readFile(await download.path())
  assert.equal(archive.subarray(0, 2).toString(), 'PK')
  assert.ok(archive.includes('data.db'))

  await button('Delete account').click()
  await page.getByLabel(/e-mail address to confirm/).fill('somebody@example.com')
  await button('Delete everything').click()
  await page.getByText(/not the e-mail address of your account/).waitFor()
  await page.getByLabel(/e-mail address to confirm/).fill('leaver@example.com')
  await shot('delete-account')
  await button('Delete everything').click()
  await page.getByText('Your account was deleted.').waitFor()
  assert.equal(await page.evaluate(() => localStorage.length), 0)
  assert.deepEqual(complaints, [])
})

test('a superuser opens a user’s database with the server’s credentials', async () => {
  await signUp('watched@example.com')
  const name = await page.evaluate(() => Object.keys(localStorage).find((key) => key.startsWith('db_')).slice(3))
  await context.close()
  await openBrowser()
  await page.goto(`${SERVER_URL}/db/${name}/_/`)
  await signInAsAdmin()
  await page.getByText('preferences').first().waitFor()
  await page.getByText('connections').first().click()
  await page.getByText('No records found.').waitFor()
  await shot('admin-ui-of-a-user')
  assert.deepEqual(complaints, [])

  await context.clearCookies()
  await page.evaluate(() => localStorage.clear())
  await page.goto(`${SERVER_URL}/_/`)
  await signInAsAdmin()
  await page.getByText('user_databases').first().waitFor()
  await page.goto(`${SERVER_URL}/db/${name}/_/`)
  await page.getByText('transcripts').first().waitFor()
  assert.deepEqual(complaints, [])
})

test('automatic syncs, and many transfers: watched, cancelled, retried', async () => {
  await signUp('many@example.com')
  await saveKey(SIM_KEY)
  await connected().waitFor()
  await page.getByLabel('Sync automatically').selectOption('Every hour')
  await page.getByText(/^Next sync in /).waitFor()
  await page.getByRole('link', { name: 'Meetings' }).first().click()
  await button('Sync meetings').click()
  await simulate('POST', 'faults', { path: '/media/*', hold: true, times: -1 }) // until all are cancelled
  await page.getByRole('button', { name: /^Transfer \d+ to Loom$/ }).click()
  await page.getByRole('button', { name: /^Transfer \d+ meetings$/ }).click()
  await page.getByRole('link', { name: 'Jobs' }).click()
  await page.getByRole('heading', { name: /active jobs/ }).waitFor()
  await page.getByText(/^(Next|Position \d+) in the queue/).first().waitFor()
  await shot('jobs')
  await button('Cancel all').click()
  await page.getByRole('group').getByRole('button', { name: 'Cancel all' }).click()
  await page.getByRole('heading', { name: 'No active jobs' }).waitFor()
  await simulate('POST', 'release')
  const job = await page.evaluate(async () => { // the simulator's last four recordings are special cases, such as one without a video
    const { pb } = await import('./src/data/clients.js')
    return pb.collection('global_queue').getFirstListItem('status = "cancelled" && payload.recording_id <= 1020')
  })
  const row = page.locator(`[data-job="${job.id}"]`)
  await row.getByText('Cancelled', { exact: true }).waitFor()
  await row.getByRole('button', { name: /^Retry/ }).click()
  await row.getByText('Copied · your turn: upload to Loom', { exact: true }).waitFor({ timeout: 70_000 }) // the key's budget of calls may be used up
  assert.equal(await row.getByRole('button').count(), 0, 'a completed job cannot be retried')
  await shot('jobs-ended')
  assert.deepEqual(complaints, [])
})

test('an operator retries and pauses in the admin UI', async () => {
  await signUp('stuck@example.com')
  await page.evaluate(async () => { // creates a job that fails, with the app's own session
    const { pb } = await import('./src/data/clients.js')
    await pb.collection('global_queue').create({ kind: 'recording.transfer', payload: { recording_id: 424242 } })
    await pb.collection('global_queue').create({ kind: 'fathom.sync', payload: {}, run_at: '2999-01-01 00:00:00.000Z' })
  })
  await context.close()
  await openBrowser()
  await page.goto(`${SERVER_URL}/_/`)
  await signInAsAdmin()
  await page.getByRole('link', { name: 'Queue' }).click()
  const row = page.locator('tr, .list-item').filter({ hasText: 'stuck@example.com' }).first()
  await row.waitFor()
  await shot('admin-ui-queue')
  await page.reload()
  await row.getByRole('checkbox').first().check({ force: true })
  await page.getByRole('button', { name: 'Retry selected' }).click()
  await page.getByText(/queued again/).first().waitFor()
  await row.filter({ hasText: '2 / 9' }).waitFor()
  await page.getByRole('button', { name: 'Pause all kinds' }).click()
  await page.getByLabel('Reason').fill('Loom is down')
  await page.getByRole('button', { name: 'Pause', exact: true }).click()
  await page.getByText('Loom is down').waitFor()
  await page.locator('.alert').filter({ hasText: 'Loom is down' }).getByRole('button', { name: 'Resume' }).click()
  await page.getByText('Loom is down').waitFor({ state: 'detached' })
  await page.getByRole('button', { name: /^Pending/ }).click()
  await row.getByText(/^0 \/ \d+$/).waitFor() // no attempt yet
  assert.deepEqual(complaints, [])
})

test('an operator sees the state of the server and charts of the last day', async () => {
  await context.close()
  await openBrowser()
  await page.goto(`${SERVER_URL}/_/`)
  await signInAsAdmin()
  await page.getByRole('link', { name: 'Health' }).click()
  await page.getByText('Everything works.').waitFor()
  await page.getByRole('heading', { name: 'Requests per minute' }).waitFor()
  await page.locator('.uplot canvas').nth(6).waitFor()
  await page.getByText('From Fathom').waitFor() // a legend
  await shot('admin-ui-health')
  await page.getByRole('link', { name: 'Queue' }).click()
  await page.locator('.uplot').first().waitFor({ state: 'detached' })
  assert.deepEqual(complaints, [])
})

test('it fits a phone and a dark color scheme', async () => {
  await context.close()
  await openBrowser({ viewport: { width: 390, height: 844 }, colorScheme: 'dark' })
  await signUpAndSync('phone@example.com')
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 390, 'the page scrolls sideways')
  await shot('phone-dark')
  assert.deepEqual(complaints, [])
})

test('a summary of any kind is readable', async () => {
  const nested = [...Array(1_300).keys()].map((level) => `${' '.repeat(2 * level)}- level ${level}`).join('\n')
  let summary = ''
  await signUpAndSync('summary@example.com')
  await replaceSummaries(() => summary)
  const shown = summarySection()
  const open = async (text) => {
    summary = text
    await page.getByRole('navigation').getByRole('link', { name: 'Meetings' }).click()
    await meetingLink().click()
    await shown.getByText('First words').waitFor()
  }
  await open(['First words, then', '- a list', '  - nested', '    1. deeper', '- [x] a done task', '- [ ] an open task', '', '| Owner | Hours |', '|---|--:|',
    '| Ada | 12 |', '| **Grace** | 3 |', '', '> a quote', '', '```', 'code <b>', '```', '', '[unsafe](javascript:alert(1)) [safe](https://example.com/) <img src=x onerror=alert(1)>'].join('\n'))
  await shown.getByRole('table').getByRole('cell', { name: 'Grace' }).waitFor()
  await shown.locator('li li li').getByText('deeper').waitFor()
  assert.deepEqual(await shown.getByRole('link').evaluateAll((links) => links.map((link) => link.href)), ['https://example.com/'])
  await shown.getByText('<img src=x onerror=alert(1)>').waitFor()
  await shot('summary')

  for (const text of ['line\n'.repeat(200_000), '- item\n'.repeat(200_000), '\n\nword'.repeat(200_000)]) {
    await open(`First words\n\n${text}`)
    await shown.getByText('Only the beginning is shown').waitFor()
  }
  for (const text of [nested, `${'- '.repeat(1_300)}deep`, `${'>'.repeat(1_300)} deep`]) await open(`First words\n\n${text}`)
  await page.getByRole('heading', { name: 'Transcript' }).waitFor()
  assert.deepEqual(complaints, [])
})

test('a page that breaks leaves the others usable', async () => {
  await page.route('**/src/pages/jobs.js', (route) => route.fulfill({
    contentType: 'text/javascript', body: 'export function JobsPage() { throw new Error("broken on purpose") }',
  }))
  await signUp('broken@example.com')
  await page.getByRole('link', { name: 'Jobs' }).click()
  await page.getByRole('heading', { name: 'This page cannot be displayed' }).waitFor()
  await shot('broken-page')
  await page.getByRole('link', { name: 'Account' }).click()
  await page.getByRole('heading', { name: 'Storage' }).waitFor()
  assert.equal(takeComplaints('broken on purpose'), 1)
  assert.deepEqual(complaints, [])
})

test('a summary that cannot be formatted is shown as plain text', async () => {
  await page.route('**/src/lib/markdown.js', (route) => route.fulfill({
    contentType: 'text/javascript',
    body: 'export const excerpt = (text) => text; export function parseMarkdown() { throw new Error("broken on purpose") }',
  }))
  await signUpAndSync('plain@example.com')
  await replaceSummaries(() => 'Some **bold** words')
  await meetingLink().click()
  await summarySection().getByText('Some **bold** words').waitFor()
  await page.getByRole('heading', { name: 'Transcript' }).waitFor()
  assert.ok(takeComplaints('broken on purpose') > 0)
  assert.deepEqual(complaints, [])
})

test('notifications, names of recordings and a mail server are saved', async () => {
  await context.close()
  await openBrowser({ timezoneId: 'Asia/Tokyo' })
  await signUpAndSync('notifications@example.com')
  await meetingLink().click()
  await button('Start transfer').click()
  await page.getByRole('heading', { name: 'Ready to upload' }).waitFor()
  await page.getByRole('link', { name: 'Account' }).click()
  await page.locator('.notices').getByText(/is ready\. Upload it to Loom and paste the link\./).waitFor()
  await page.getByText('This server sends no e-mail.').waitFor()
  await page.getByLabel('Every Monday, a summary of the week').check()
  await page.getByLabel('When a recording is ready to be uploaded to Loom').uncheck()
  assert.equal(await page.getByLabel('Time zone').inputValue(), 'Asia/Tokyo', 'the zone of the browser')
  await page.getByLabel('File name').fill('{date} {wrong}')
  await button('Save').click()
  await page.locator('.error').filter({ hasText: 'wrong' }).waitFor()
  assert.equal(takeComplaints('400'), 1)
  await page.getByLabel('File name').fill('{title} {date} {time}')
  await page.getByLabel('Time zone').fill('Europe/Berlin')
  await button('Save').click()
  await page.getByText('Saved.').waitFor()
  await shot('account-notifications')
  await page.reload()
  await page.getByLabel('File name').waitFor()
  assert.ok(await page.getByLabel('Every Monday, a summary of the week').isChecked())
  assert.ok(!await page.getByLabel('When a recording is ready to be uploaded to Loom').isChecked())
  assert.equal(await page.getByLabel('File name').inputValue(), '{title} {date} {time}')
  assert.equal(await page.getByLabel('Time zone').inputValue(), 'Europe/Berlin')

  await page.getByRole('link', { name: 'Connections' }).first().click()
  await button('Add: Mail server').click()
  await page.getByLabel('Host').fill('127.0.0.1')
  await page.getByLabel('Port', { exact: true }).fill('22')
  await page.getByLabel('User name').fill('ada')
  await page.getByLabel('Password').fill('secret')
  await page.getByLabel('Sender').fill('ada@example.com')
  await button('Save').click()
  await page.getByText('Use port 25, 465, 587 or 2525.').waitFor()
  assert.equal(takeComplaints('400'), 1)
  await page.getByLabel('Port', { exact: true }).fill('2525')
  await button('Save').click()
  await page.getByText("The mail server can't be reached on port 2525.").waitFor()
  await page.getByText('Not checked').waitFor()
  await button('Add: Webhook').click()
  assert.match(await page.getByLabel('Signing secret').inputValue(), /^whsec_[A-Za-z0-9+/]{43}=$/)
  await shot('connections-outgoing')
  assert.deepEqual(complaints, [])
})
