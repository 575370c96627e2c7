// Finding meetings by what was said, chapters, and posters. Each test has a user with a key of their own.
import assert from 'node:assert/strict'
import { button, complaints, context, meetingLink, openBrowser, openPage, page, SERVER_URL, shot, signUpAndSync, simulate, takeComplaints, test } from './browser.mjs'

const call = 'https://fathom.video/calls/200000000'
const markup = '<img src=x onerror=alert(1)>'
const summary = `## Welcome\n\n[How it began](${call}?timestamp=0)\n\n## Shared calendars\n\n- [They move](${call}?timestamp=12.5) to the next iteration\n- ${markup}\n`
const row = (title) => page.locator('.row').filter({ has: page.getByRole('link', { name: title, exact: true }) })
const field = () => page.getByLabel('Search in everything that was said')
const withVideo = (act) => page.locator('video').evaluate(act)

/** Signs up and copies the recording of a meeting, which has chapters. */
async function copyMeeting(email) {
  await simulate('PATCH', 'meetings/1001', { summary })
  await signUpAndSync(email)
  await meetingLink().click()
  await button('Copy').click()
  await page.getByRole('heading', { name: 'Your turn' }).waitFor()
  await page.locator('video').waitFor()
}

/** Searches, and repeats the search until everything is indexed. */
async function search(query) {
  await field().fill(query)
  await Promise.all([page.waitForResponse((response) => response.url().includes('/api/search?')), page.keyboard.press('Enter')])
  const again = button('Search again')
  const done = page.locator('.result, .empty, .error').first()
  while (await again.or(done).first().waitFor().then(() => again.count())) {
    await again.click()
    await page.waitForTimeout(500)
  }
}

test('a user finds what was said, and jumps to that moment', async () => {
  await copyMeeting('searcher@example.com')
  await openPage('Meetings')
  await shot('search-field')
  await search('"shared calendars"')
  const found = page.locator('.result').filter({ has: page.getByRole('link', { name: 'Weekly product sync', exact: true }) })
  await found.locator('mark').first().waitFor()
  await page.getByText(/^\d+ meetings? found$/).waitFor()
  assert.match(await found.locator('mark').first().innerText(), /^shared calendars$/i)
  assert.match(page.url(), /\/search\?q=%22shared\+calendars%22$/)
  await found.getByText('Summary').waitFor()
  await shot('search')

  const moment = found.getByRole('link', { name: /^\d:\d\d in Weekly product sync$/ }).first()
  const seconds = Number((await moment.getAttribute('href')).split('?t=')[1])
  assert.ok(seconds > 0, 'somebody says it later')
  await moment.click()
  await page.getByRole('heading', { name: 'Weekly product sync', level: 1 }).waitFor()
  await page.waitForFunction((at) => Math.abs(document.querySelector('video')?.currentTime - at) < 0.5, seconds)
  await page.locator('.transcript .marked').filter({ hasText: /shared calendars/i }).waitFor()
  await shot('moment')

  await page.goBack()
  await found.waitFor()
  assert.equal(await field().inputValue(), '"shared calendars"')
  await search('onerror')
  await page.getByText(markup).first().waitFor()
  assert.equal(await page.locator('img[src="x"]').count(), 0, 'a text became HTML')
  await search('zzzzunknown')
  await page.getByRole('heading', { name: 'Nothing found' }).waitFor()
  await shot('search-nothing')
  assert.deepEqual(complaints, [])
})

test('what is typed while the page of the results opens is searched for', async () => {
  await signUpAndSync('typist@example.com')
  let open
  const opens = new Promise((resolve) => { open = resolve })
  await page.route(/more_pages/, async (route) => {
    await opens
    await route.continue()
  })
  await page.goto(SERVER_URL)
  await field().focus()
  await page.keyboard.type('shared ')
  await page.waitForURL(/\/search\?q=shared$/)
  await page.keyboard.type('cal')
  open()
  await page.keyboard.type('endars')
  await page.waitForURL(/\/search\?q=shared\+calendars$/)
  await page.waitForFunction(() => document.activeElement?.id === 'search')
  assert.equal(await field().inputValue(), 'shared calendars')
  assert.deepEqual(complaints, [])
})

test('a search says what is wrong, missing or still to come', async () => {
  await signUpAndSync('states@example.com')
  await page.goto(`${SERVER_URL}/search`)
  await page.getByText('these words, one after the other').waitFor()
  await shot('search-hints')
  await search('"shared')
  assert.match(await page.getByRole('alert').innerText(), /never closed/)
  assert.equal(await field().getAttribute('aria-invalid'), 'true')
  await shot('search-problem')
  assert.equal(takeComplaints('400'), 1)

  const item = (n) => ({ recording_id: 1000 + n, title: `Meeting ${n}`, recorded_at: '2026-01-10 09:00:00.000Z', score: 1, matches: [] })
  let [fails, complete] = [true, false]
  await page.route('**/api/search?*', (route) => {
    if (fails) return route.fulfill({ status: 500, json: { status: 500, message: '', data: {} } })
    const offset = Number(new URL(route.request().url()).searchParams.get('offset'))
    const items = [...Array(24).keys()].map((n) => item(n + 1)).slice(offset, offset + 20)
    return route.fulfill({ json: { complete, indexed: 24, total: 24, offset, limit: 20, items } })
  })
  await field().fill('meeting')
  await page.keyboard.press('Enter')
  await page.getByRole('alert').getByText(/could not process/).waitFor()
  assert.equal(takeComplaints('500'), 1)
  fails = false
  await button('Try again').click()
  await page.getByText('The index is still being built').waitFor()
  await page.getByText('24 meetings found').waitFor()
  assert.equal(await page.locator('.result').count(), 20)
  await shot('search-incomplete')
  complete = true
  await button('Search again').click()
  await page.getByText('The index is still being built').waitFor({ state: 'detached' })
  await button('Show more').focus()
  await page.keyboard.press('Enter')
  await page.getByRole('link', { name: 'Meeting 24' }).waitFor()
  assert.equal(await page.locator('.result').count(), 24)
  assert.equal(await button('Show more').count(), 0)
  assert.deepEqual(complaints, [])
})

test('chapters lead through a recording, and watching it gives it a poster', async () => {
  await copyMeeting('watcher@example.com')
  const chapter = button('0:12 Shared calendars')
  await button('0:00 Welcome').waitFor()
  await page.waitForFunction(() => [...document.querySelector('video').textTracks].some(({ kind, cues }) => kind === 'chapters' && cues?.length))
  const cues = await withVideo((video) => [...video.textTracks].filter(({ kind }) => kind === 'chapters')
    .flatMap((track) => [...track.cues].map(({ startTime, endTime, text }) => [startTime, Math.round(endTime), text])))
  assert.deepEqual(cues, [[0, 13, 'Welcome'], [12.5, 24, 'Shared calendars']])

  const saved = page.waitForResponse((response) => response.request().method() === 'PUT' && response.url().endsWith('/poster'))
  await withVideo((video) => { video.muted = true })
  await chapter.focus()
  await page.keyboard.press('Enter')
  await page.waitForFunction(() => document.querySelector('video').currentTime > 12.6)
  await page.waitForFunction(() => document.querySelector('.chapters [aria-current]')?.textContent.includes('Shared calendars'))
  await shot('chapters')
  const response = await saved
  assert.equal(response.status(), 200, await response.text())

  await openPage('Meetings')
  const poster = row('Weekly product sync').locator('img.thumb')
  await poster.waitFor()
  await page.waitForFunction(() => document.querySelector('img.thumb')?.naturalWidth > 0)
  assert.deepEqual(await poster.evaluate((image) => [image.naturalWidth, image.naturalHeight]), [320, 180])
  assert.equal(await page.locator('img.thumb').count(), 1)
  assert.equal(await row('Daily stand-up').locator('span.thumb').innerText(), 'DS', 'others have a tile')
  await shot('posters')

  const requests = []
  page.on('request', (request) => requests.push(`${request.method()} ${new URL(request.url()).pathname.replace(/.*\/api\//, '')}`))
  await meetingLink().click()
  await page.locator('video').waitFor()
  await withVideo((video) => { video.muted = true; return video.play() })
  await page.waitForFunction(() => document.querySelector('video').currentTime > 4)
  assert.deepEqual(requests.filter((request) => request.endsWith('/poster')), [], 'one poster is enough')
  assert.deepEqual(complaints, [])
})

test('search and library fit a phone and a dark color scheme', async () => {
  await context.close()
  await openBrowser({ viewport: { width: 390, height: 844 }, colorScheme: 'dark' })
  await copyMeeting('phone@example.com')
  await button('0:12 Shared calendars').waitFor()
  const fits = async () => assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 390, 'the page scrolls sideways')
  await fits()
  await shot('chapters-phone-dark')
  await openPage('Meetings')
  await row('Daily stand-up').waitFor()
  await fits()
  await shot('library-phone-dark')
  await search('calendars')
  await page.locator('mark').first().waitFor()
  await fits()
  await shot('search-phone-dark')
  assert.deepEqual(complaints, [])
})
