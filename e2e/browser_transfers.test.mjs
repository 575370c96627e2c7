// Transfers of one meeting and of many, copies as files, and parts of meetings that come late. Each test has a user
// with a key of their own. Archives are saved in the folder DOWNLOADS, and opened by the Go test that runs this file.
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { button, complaints, openPage, page, shot, showTab, signUpAndSync, SIM_URL, test } from './browser.mjs'

const { DOWNLOADS } = process.env
const audioTitle = 'Phone call: delivery partner' // the simulator's audio-only recording
const refusedTitle = 'Budget preparation' // its host doesn't allow downloads
const refusedID = 1022

async function simulator(method, path, body) {
  const response = await fetch(`${SIM_URL}/_simulator/${path}`, { method, body: body && JSON.stringify(body) })
  assert.ok(response.ok, await response.clone().text())
  return response.status === 204 ? null : response.json()
}

/** How often a recording's file was requested. */
async function fileRequests(recordingID) {
  const { requests } = await simulator('GET', 'requests')
  return requests.filter(({ method, path }) => method === 'POST' && path === `/external/v1/recordings/${recordingID}/download`).length
}

const heading = (name) => page.getByRole('heading', { name, exact: true }).waitFor()
const row = (title) => page.locator('.row').filter({ has: page.getByRole('link', { name: title, exact: true }) })
const checkbox = (title) => page.getByRole('checkbox', { name: `Select: ${title}`, exact: true })
const bar = () => page.getByRole('group', { name: 'Selected meetings' })

async function openMeeting(title) {
  await openPage('Meetings')
  await page.getByRole('link', { name: title, exact: true }).click()
  await page.getByRole('heading', { name: title, level: 1 }).waitFor()
}

/** Presses a button that downloads an archive, and saves it under a name. */
async function saveArchive(trigger, name) {
  const [download] = await Promise.all([page.waitForEvent('download'), trigger.click()])
  assert.match(download.suggestedFilename(), /\.zip$/)
  await download.saveAs(join(DOWNLOADS, name))
}

test('selected meetings are transferred, only kept, or downloaded as files', async () => {
  await signUpAndSync('selection@example.com')
  await page.getByText(/^24 meetings$/).waitFor()
  await page.getByLabel(/^Select (all|the meeting)/).focus()
  await page.keyboard.press('Space')
  await bar().getByText('24 selected').waitFor()
  await page.keyboard.press('Space')
  await bar().getByText('24 selected').waitFor({ state: 'detached' })
  assert.equal(await bar().getByRole('button').count(), 0, 'nothing can be done with nothing')

  await checkbox('Weekly product sync').focus()
  await page.keyboard.press('Space')
  await checkbox('Daily stand-up').click({ modifiers: ['Shift'] })
  await bar().getByText('4 selected').waitFor()
  await checkbox('Brightwater Logistics: onboarding call').uncheck()
  await checkbox('Roadmap 2026/27: Q1/Q2 priorities').uncheck()
  await shot('selection')
  await bar().getByRole('button', { name: 'Copy 2 meetings', exact: true }).click()
  await page.getByText('2 copies started.').waitFor()
  assert.equal(await page.locator('.row input:checked').count(), 0)
  for (const title of ['Weekly product sync', 'Daily stand-up']) await row(title).getByRole('link', { name: 'Upload to Loom' }).waitFor()

  await checkbox('1:1 Ada and Ben').check()
  await bar().getByRole('button', { name: 'Only keep a copy here' }).click()
  await row('1:1 Ada and Ben').getByText('Kept here').waitFor()
  await page.getByLabel('Filter meetings by title').fill('sync')
  await page.getByText(/^1 meeting$/).waitFor()
  await page.getByLabel(/^Select (all|the meeting)/).check()
  await bar().getByText('1 selected').waitFor()
  await page.getByLabel('Filter meetings by title').fill('')
  await page.getByText(/^24 meetings$/).waitFor()
  assert.equal(await bar().getByText('selected').count(), 0, 'nothing is done to meetings that were selected among others')
  await checkbox('Weekly product sync').check()
  await checkbox('1:1 Ada and Ben').check()
  await saveArchive(bar().getByRole('button', { name: 'Download as files' }), 'selected.zip')
  await bar().getByRole('button', { name: 'Only keep a copy here' }).click()
  await page.getByText('No copy started. 2 meetings were copied before.').waitFor()
  await checkbox('1:1 Ada and Ben').check()
  await bar().getByRole('button', { name: 'Copy 1 meeting', exact: true }).click()
  await row('1:1 Ada and Ben').getByRole('link', { name: 'Upload to Loom' }).waitFor()
  assert.deepEqual(complaints, [])
})

test('all meetings that match a search are transferred', async () => {
  await signUpAndSync('matching@example.com')
  await page.getByText(/^24 meetings$/).waitFor()
  await row('Sales pipeline review').getByRole('button', { name: /^Copy/ }).click()
  await row('Sales pipeline review').getByRole('link', { name: 'Upload to Loom' }).waitFor()
  await page.getByLabel('Filter meetings by title').fill('review')
  await page.getByText(/^3 meetings$/).waitFor()
  await button('Copy 3 matching meetings').click()
  await page.getByText(/^Copy 2 meetings\? .* 1 meeting was copied before\.$/).waitFor()
  await shot('transfer-matching')
  await button('Copy 2 meetings').click()
  await page.getByText('2 copies started. 1 meeting was copied before.').waitFor()
  await page.waitForFunction(() => document.querySelectorAll('.row a.button').length === 3)
  await button('Copy 3 matching meetings').click()
  await page.getByText('There is nothing to copy. 3 meetings were copied before.').waitFor()
  await page.getByLabel('Select all 3 meetings').check()
  await saveArchive(bar().getByRole('button', { name: 'Download as files' }), 'matching.zip')
  assert.deepEqual(complaints, [])
})

test('a meeting is transferred again from every end', async () => {
  await signUpAndSync('again@example.com')
  await openMeeting('Weekly product sync')
  await shot('meeting-new')
  await button('Only keep a copy here').click()
  await heading('Kept here')
  await page.getByText('The video is kept here. It was not sent to Loom.').waitFor()
  await shot('meeting-stored')
  const { width } = await button('Download as files').boundingBox()
  assert.ok(width < 250, `the button is ${width} px wide`)
  await saveArchive(button('Download as files'), 'meeting.zip')

  /** Presses a button and waits until the file has been fetched again, which ends under the same heading. */
  const fetchedAgain = async (label, end) => {
    const before = await fileRequests(1001)
    await simulator('POST', 'faults', { path: '/media/*', hold: true })
    await button(label).click()
    await heading('Copying')
    await simulator('POST', 'release')
    await heading(end)
    assert.equal(await fileRequests(1001), before + 1, `${label} at ${end}`)
  }
  await fetchedAgain('Copy again', 'Kept here')
  await button('Delete stored video').click()
  await page.getByRole('group').getByRole('button', { name: 'Delete stored video' }).click()
  await heading('At Fathom')
  assert.equal(await page.getByText('The last copy was cancelled').count(), 0)
  await fetchedAgain('Only keep a copy here', 'Kept here')

  await button('Upload to Loom').click()
  await heading('Your turn')
  await fetchedAgain('Copy again', 'Your turn')
  const [download] = await Promise.all([page.waitForEvent('download'), button('Download').click()])
  const uploaded = await fetch(`${SIM_URL}/_simulator/loom/upload?filename=${encodeURIComponent(download.suggestedFilename())}`, {
    method: 'POST', body: await readFile(await download.path()),
  })
  const { share_url: shareURL } = await uploaded.json()
  await page.getByLabel('Loom share link').fill(shareURL)
  await button('Save link').click()
  await heading('On Loom')
  await fetchedAgain('Copy again', 'On Loom')
  await page.getByRole('link', { name: shareURL.replace(/^https?:\/\//, '') }).waitFor()
  await button('Delete stored video').click()
  await page.getByRole('group').getByRole('button', { name: 'Delete stored video' }).click()
  await fetchedAgain('Fetch the file again', 'On Loom')
  assert.deepEqual(complaints, [])
})

test('a cancelled and a failed transfer are repeated', async () => {
  await signUpAndSync('repeat@example.com')
  await simulator('POST', 'faults', { path: '/media/*', hold: true })
  await openMeeting('Brightwater Logistics: onboarding call')
  await button('Only keep a copy here').click()
  await heading('Copying')
  assert.deepEqual(await page.locator('.steps li').allTextContents().then((steps) => steps.map((step) => step.replace(' (done)', ''))), ['Prepare', 'Copy video', 'Done'])
  await page.getByRole('button', { name: 'Cancel: Brightwater Logistics: onboarding call' }).click()
  await page.getByText(/^The last copy was cancelled\./).waitFor()
  await simulator('DELETE', 'faults')
  await button('Only keep a copy here').click()
  await heading('Kept here')

  await openMeeting(refusedTitle)
  await button('Only keep a copy here').click()
  await heading('Problem')
  await shot('meeting-failed')
  await simulator('PATCH', `meetings/${refusedID}`, { restored: true })
  await button('Retry').click()
  await heading('Kept here') // a retry wants no more than the first attempt
  assert.deepEqual(complaints, [])
})

test('an audio recording ends stored, which is no failure', async () => {
  await signUpAndSync('audio@example.com')
  await openMeeting(audioTitle)
  await button('Copy').click()
  await heading('Kept here')
  await page.getByText('Loom accepts only video. The audio is kept here.').waitFor()
  await page.locator('audio').waitFor()
  await page.waitForFunction(() => document.querySelector('audio')?.duration > 0)
  await button('Download audio').waitFor()
  await button('Copy again').waitFor()
  assert.equal(await page.getByRole('alert').count(), 0)
  assert.equal(await page.getByText(/fail/i).count(), 0)
  assert.equal(await button('Upload to Loom').count(), 0)
  await shot('meeting-audio')
  await openPage('Meetings')
  await row(audioTitle).getByText('Kept here').waitFor()
  await openPage('Activity')
  await page.locator('.job').filter({ hasText: audioTitle }).locator('.badge', { hasText: 'Kept here' }).waitFor()
  assert.deepEqual(complaints, [])
})

test('a withdrawn meeting is marked until Fathom lists it again', async () => {
  await signUpAndSync('withdrawn@example.com')
  await page.getByText(/^24 meetings$/).waitFor()
  const marker = row('Daily stand-up').getByText('No longer at Fathom')
  /** Reads all meetings from Fathom. @param {string} result of the sync */
  const checkAll = async (result) => {
    await button('Check all meetings').click()
    await page.getByText(new RegExp(`^Synced .* · ${result}$`)).waitFor()
  }
  await simulator('PATCH', 'meetings/1004', { unlisted: true })
  await checkAll('no changes')
  assert.equal(await marker.count(), 0, 'one pass may miss a meeting')
  await checkAll('1 no longer at Fathom')
  await marker.waitFor()
  await shot('meetings-withdrawn')
  await openMeeting('Daily stand-up')
  await page.locator('.meeting-head').getByText('No longer at Fathom').waitFor()
  await shot('meeting-withdrawn')
  await simulator('PATCH', 'meetings/1004', { restored: true })
  await openPage('Meetings')
  await checkAll('1 updated')
  await marker.waitFor({ state: 'detached' })
  assert.deepEqual(complaints, [])
})

const lateParts = { Summary: ['summary'], Actions: ['action items', 'highlights'], Transcript: ['transcript'] }
const highlights = [
  { type: 'bookmark', summary: 'The launch moves to May', text: '', start_time: 4.2, end_time: 9 },
  { type: 'bookmark', summary: null, text: 'We keep the old price', start_time: 12, end_time: 15 },
]

test('parts of a meeting that come late appear on the open page', async () => {
  const title = 'Meeting with late parts'
  const { recording_id: id } = await simulator('POST', 'meetings', { title, created_at: new Date().toISOString(), summary: '', lines: [], fields: { action_items: [], highlights: [] } })
  await signUpAndSync('late@example.com')
  await openMeeting(title)
  for (const [tab, parts] of Object.entries(lateParts)) {
    await showTab(tab)
    await page.getByText('Not ready yet. Fathom is asked again automatically.').nth(parts.length - 1).waitFor()
    for (const part of parts) await page.getByRole('button', { name: `Ask Fathom again for the ${part}` }).waitFor()
  }
  await shot('meeting-late-parts')

  await simulator('PATCH', `meetings/${id}`, {
    summary: 'The **summary** came late.', lines: ['The transcript came late.'],
    fields: { action_items: [{ description: 'Write the minutes', user_generated: true, completed: false, recording_timestamp: '00:00:01', recording_playback_url: '', assignee: { name: null, email: null, team: null } }], highlights },
  })
  await page.getByRole('button', { name: 'Ask Fathom again for the transcript' }).click()
  const panel = page.getByRole('tabpanel')
  const late = { Transcript: ['The transcript came late.'], Summary: ['The summary came late.'], Actions: ['Write the minutes', 'The launch moves to May', 'We keep the old price'] }
  for (const [tab, texts] of Object.entries(late)) {
    await showTab(tab)
    for (const text of texts) await panel.getByText(text).waitFor()
    assert.equal(await page.getByText('Not ready yet').count(), 0)
  }
  const article = await panel.boundingBox()
  for (const item of await page.locator('.highlights li').all()) {
    assert.equal(await item.evaluate((li) => getComputedStyle(li).listStyleType), 'none')
    assert.ok((await item.boundingBox()).x >= article.x, 'a highlight hangs out of the column')
  }
  await button('Only keep a copy here').click()
  await heading('Kept here')
  await page.locator('.highlights').getByRole('button', { name: 'Play from 0:04' }).click()
  await page.waitForFunction(() => document.querySelector('video').currentTime >= 4)
  await shot('meeting-highlights')

  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme })
    await page.setViewportSize({ width: 390, height: 844 })
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 390, 'the page scrolls sideways')
    await shot(`meeting-phone-${colorScheme}`)
  }
  await openPage('Meetings')
  await checkbox(title).check()
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 390, 'the list scrolls sideways')
  await shot('selection-phone-dark')
  assert.deepEqual(complaints, [])
})
