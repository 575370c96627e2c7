// The page of a meeting: its player, transcript and tabs. Each test has a user with a key of their own.
import assert from 'node:assert/strict'
import { examine } from './browser_accessibility.mjs'
import { button, clients, complaints, context, meetingLink, openBrowser, openPage, page, SERVER_URL, shot, showTab, signUpAndSync, simulate, SIM_URL, takeComplaints, test } from './browser.mjs'

const call = 'https://fathom.video/calls/200000000'
const summary = `## Welcome\n\n[How it began](${call}?timestamp=0)\n\n## Shared calendars\n\n- [They move](${call}?timestamp=12.5) to the next iteration\n`
  + '- ~~the old plan~~\n- [elsewhere](https://example.com/)\n\n> A quote.\n\n| Who | Hours |\n|---|--:|\n| Ada | 12 |\n'
const onVideo = (act, arg) => page.locator('video').evaluate(act, arg)
const pane = () => page.locator('.transcript-pane')
const spoken = () => page.locator('.line[aria-current=true]')
const field = () => page.getByLabel('Search in the transcript')

/** Waits until the player is between two moments, in seconds. */
const playerAt = (from, to) => page.waitForFunction(([from, to]) => {
  const video = document.querySelector('video')
  return video?.readyState > 0 && !video.seeking && video.currentTime >= from && video.currentTime < to
}, [from, to])
const seek = (at) => onVideo((video, to) => { video.currentTime = to }, at)

/** Signs up, stores the recording of a meeting, and shows its transcript. */
async function openStored(email, options = {}, [action, state] = ['Only keep a copy here', 'Kept here']) {
  await simulate('PATCH', 'meetings/1001', { summary, ...options })
  await signUpAndSync(email)
  await meetingLink().click()
  await button(action).click()
  await page.getByRole('heading', { name: state }).waitFor()
  await showTab('Transcript')
  await page.waitForFunction(() => document.querySelector('video')?.readyState > 0)
  await onVideo((video) => { video.muted = true })
}

/** A transcript of many passages, about as long as the recording of 24 s. */
const longTranscript = () => [...Array(1200).keys()].map((n) => `Sentence ${n} of a long meeting, in which people repeat at length what has been said before, and add very little to it${n % 100 === 7 ? ' about pineapples (really)' : ''}.`)

test('captions, speed and keys control the player', async () => {
  await openStored('keys@example.com')
  await page.locator('video track[kind=captions]').waitFor({ state: 'attached' })
  await page.keyboard.press('c')
  await page.waitForFunction(() => [...document.querySelector('video').textTracks].some(({ kind, mode, cues }) => kind === 'captions' && mode === 'showing' && cues?.length > 3))
  assert.equal(await button('Captions').getAttribute('aria-pressed'), 'true')
  const cue = await onVideo((video) => [...video.textTracks].find(({ kind }) => kind === 'captions').cues[0].text)
  const first = (await page.locator('.line').first().innerText()).trim()
  assert.ok(cue.includes(first.slice(0, 12)), `${cue}: ${first}`)

  await page.keyboard.press('l')
  await playerAt(10, 10.5)
  await page.keyboard.press('j')
  await playerAt(0, 0.5)
  await page.keyboard.press('k')
  await page.waitForFunction(() => !document.querySelector('video').paused)
  await page.keyboard.press('k')
  await page.waitForFunction(() => document.querySelector('video').paused)
  await page.keyboard.press('Control+l')
  await field().fill('')
  await page.keyboard.type('jkl')
  assert.equal(await field().inputValue(), 'jkl')
  assert.ok(await onVideo(({ paused, currentTime }) => paused && currentTime < 5), 'letters in a field move nothing')
  await field().fill('')

  await page.getByLabel('Speed').selectOption('1.5×')
  await page.waitForFunction(() => document.querySelector('video').playbackRate === 1.5)
  await page.getByRole('heading', { level: 1 }).click()
  await page.keyboard.press('.')
  await page.waitForFunction(() => document.querySelector('video').playbackRate === 1.75)
  await page.reload()
  await page.waitForFunction(() => document.querySelector('video')?.playbackRate === 1.75 && [...document.querySelector('video').textTracks].some(({ mode }) => mode === 'showing'))

  await page.locator('.keys summary').click()
  await page.getByLabel('Use single-key shortcuts').uncheck()
  await page.getByRole('heading', { level: 1 }).click()
  await page.keyboard.press('l')
  await page.keyboard.press('n')
  assert.equal(await onVideo(({ currentTime }) => currentTime), 0)
  await page.getByRole('heading', { name: 'Weekly product sync', level: 1 }).waitFor()
  assert.deepEqual(complaints, [])
})

test('the transcript follows the player until the user scrolls', async () => {
  await openStored('follower@example.com', { lines: longTranscript() })
  await page.getByText('Sentence 1199 of').waitFor({ state: 'attached' }) // no button leads to the rest
  const bottom = () => pane().evaluate((element) => element.scrollTop)
  const inView = () => page.waitForFunction(() => {
    const [line, box] = [document.querySelector('.line[aria-current]')?.getBoundingClientRect(), document.querySelector('.transcript-pane').getBoundingClientRect()]
    return line && line.top >= box.top && line.bottom <= box.bottom
  })
  await seek(12)
  await spoken().waitFor()
  await inView()
  const [text, position] = [await spoken().innerText(), await bottom()]
  assert.ok(position > 200, 'the pane has scrolled')
  assert.equal(await page.evaluate(() => scrollY), 0, 'and the page has not')

  await pane().hover()
  await page.mouse.wheel(0, -100_000)
  await button('Follow again').waitFor()
  await page.waitForFunction(() => document.querySelector('.transcript-pane').scrollTop === 0)
  await onVideo((video) => video.play())
  await page.waitForFunction((before) => document.querySelector('.line[aria-current]').textContent !== before, text)
  await onVideo((video) => video.pause())
  assert.equal(await bottom(), 0, 'the pane stays where the user has scrolled')
  await shot('meeting-follow-again')
  await button('Follow again').focus()
  await page.keyboard.press('Enter')
  await inView()
  assert.equal(await button('Follow again').count(), 0)
  assert.notEqual(await page.evaluate(() => document.activeElement.tagName), 'BODY')
  assert.deepEqual(complaints, [])
})

test('the transcript is searched and copied, and moments are linked', async () => {
  await openStored('reader@example.com', { lines: longTranscript() })
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  const clipboard = () => page.evaluate(() => navigator.clipboard.readText())
  const chosen = page.locator('mark.chosen')
  await field().fill('PINEAPPLES (')
  await page.getByText('1 of 12').waitFor()
  assert.equal(await chosen.innerText(), 'pineapples (')
  await page.keyboard.press('Enter')
  await page.getByText('2 of 12').waitFor()
  await page.waitForFunction(() => document.querySelector('mark.chosen').closest('.line').textContent.includes('Sentence 107 '))
  await button('Previous match').click()
  await button('Previous match').click()
  await page.getByText('12 of 12').waitFor()
  await page.waitForFunction(() => {
    const [mark, box] = [document.querySelector('mark.chosen').getBoundingClientRect(), document.querySelector('.transcript-pane').getBoundingClientRect()]
    return mark.top >= box.top && mark.bottom <= box.bottom
  })
  await shot('meeting-transcript-search')
  await field().fill('no such word')
  await page.getByText('Not found').waitFor()
  await field().press('Escape')
  assert.equal(await page.locator('.transcript mark').count(), 0)

  await button('Copy transcript').click()
  await page.getByText('The transcript is copied.').waitFor()
  const whole = await clipboard()
  assert.match(whole, /^\S.* \(0:00\)\nSentence 0 of a long meeting, /)
  assert.ok(whole.includes('Sentence 1199 of'))
  const passage = page.locator('.transcript > li').nth(3)
  await passage.scrollIntoViewIfNeeded()
  await passage.hover()
  await passage.getByRole('button', { name: /^Copy what / }).click()
  await page.getByText('The passage is copied.').waitFor()
  assert.ok(whole.includes(await clipboard()))

  await seek(9)
  await playerAt(9, 9.5)
  await button('Copy link to this moment').click()
  await page.getByText('The link to 0:09 is copied.').waitFor()
  const link = await clipboard()
  assert.match(link, /\/meetings\/[a-z0-9]{15}\?t=9$/)
  await page.goto(link)
  await playerAt(9, 9.5)
  await spoken().waitFor()
  await page.locator('.line').first().scrollIntoViewIfNeeded()
  await page.locator('.line').first().click()
  await playerAt(0, 5)
  const timestamp = page.locator('.transcript').getByRole('button', { name: /^Play from / }).nth(2)
  const at = Number((await timestamp.innerText()).split(':')[1])
  assert.ok(at > 5)
  await timestamp.click()
  await playerAt(at, at + 4)
  assert.deepEqual(complaints, [])
})

test('tabs, chapters and the summary lead through a meeting', async () => {
  await openStored('tabs@example.com')
  await page.getByRole('tab', { name: 'Transcript' }).focus()
  await page.keyboard.press('ArrowRight')
  await page.getByRole('tab', { name: 'Summary', selected: true }).waitFor()
  assert.match(page.url(), /\?tab=summary$/)
  assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Summary')
  const panel = page.getByRole('tabpanel', { name: 'Summary' })
  await panel.getByRole('cell', { name: 'Ada' }).waitFor()
  assert.equal(await panel.locator('del').innerText(), 'the old plan')
  await panel.locator('blockquote').getByText('A quote.').waitFor()
  assert.deepEqual(await panel.getByRole('link').allInnerTexts(), ['elsewhere'], 'links to moments play the recording here')
  await shot('meeting-summary')
  await panel.getByRole('button', { name: 'They move' }).click()
  await playerAt(12.4, 16)
  await page.waitForFunction(() => document.querySelector('.chapters [aria-current]')?.textContent.includes('Shared calendars'))
  assert.equal(await page.locator('.chapter-bar .part').count(), 2)
  await onVideo((video) => video.pause())
  const { x, y, width, height } = await page.locator('.chapter-bar').boundingBox()
  await page.mouse.click(x + width / 4, y + height / 2)
  await playerAt(5.8, 9)

  await page.getByRole('tab', { name: 'Summary' }).focus()
  await page.keyboard.press('End')
  await page.getByRole('heading', { name: 'Action items' }).waitFor()
  await page.getByRole('tabpanel').getByText('Done', { exact: true }).first().waitFor()
  await page.reload()
  await page.getByRole('tab', { name: 'Actions', selected: true }).waitFor()
  await page.keyboard.press('Home')
  await page.getByRole('tab', { name: 'Actions' }).focus()
  await page.keyboard.press('ArrowRight')
  await page.getByRole('tab', { name: 'Transcript', selected: true }).waitFor()

  for (const tab of ['Transcript', 'Summary', 'Actions']) {
    await showTab(tab)
    assert.deepEqual((await examine(tab)).found, [])
  }
  await page.evaluate(() => scrollTo(0, document.body.scrollHeight))
  const video = await page.locator('video').boundingBox()
  assert.ok(video.y >= 0 && video.y + video.height <= 800, 'the player stays in view')
  assert.deepEqual(complaints, [])
})

test('previous and next follow the order of the list', async () => {
  await signUpAndSync('neighbours@example.com')
  const titles = await page.locator('.row-title').allInnerTexts()
  await page.getByRole('link', { name: titles[1], exact: true }).first().click()
  const heading = (n) => page.getByRole('heading', { name: titles[n], level: 1, exact: true }).waitFor()
  await heading(1)
  await showTab('Actions')
  await page.getByRole('link', { name: `Next: ${titles[2]}` }).click()
  await heading(2)
  assert.match(page.url(), /\?tab=actions$/)
  await page.getByRole('link', { name: `Previous: ${titles[1]}` }).waitFor()
  await page.keyboard.press('p')
  await heading(1)
  await page.getByRole('link', { name: `Previous: ${titles[0]}` }).waitFor()
  await page.keyboard.press('Shift+P')
  await heading(0)
  await page.getByRole('link', { name: `Next: ${titles[1]}` }).waitFor()
  assert.equal(await page.getByRole('link', { name: /^Previous: / }).count(), 0)
  assert.deepEqual(complaints, [])
})

test('the video at Loom is played here on demand', async () => {
  await openStored('loom@example.com', {}, ['Copy', 'Your turn'])
  assert.equal(await button('Play Loom’s video here').count(), 0)
  const { db } = await clients()
  const id = page.url().match(/meetings\/([a-z0-9]{15})/)[1]
  const { recording_id } = await db.collection('meetings').getOne(id)
  const file = await (await fetch(await onVideo(({ src }) => src))).arrayBuffer()
  const { share_url } = await (await fetch(`${SIM_URL}/_simulator/loom/upload?filename=${encodeURIComponent('Weekly product sync.mp4')}`, { method: 'POST', body: file })).json()
  const transfer = await db.collection('transfers').getFirstListItem(`recording_id = ${recording_id}`)
  await db.collection('transfers').update(transfer.id, { share_url, confirmed: true })
  const requests = []
  page.on('request', (request) => requests.push(request.url()))
  await page.reload()
  await button('Play Loom’s video here').waitFor()
  assert.ok(!requests.some((url) => url.startsWith(SIM_URL)), 'nothing is loaded from Loom unasked')
  await button('Play Loom’s video here').click()
  const frame = page.frameLocator('.loom-player iframe')
  await frame.getByRole('heading', { level: 1 }).waitFor()
  assert.equal(await page.locator('.loom-player iframe').getAttribute('src'), share_url.replace('/share/', '/embed/'))
  assert.equal(await page.getByRole('region', { name: 'On Loom' }).getByRole('link', { name: 'Open on Loom' }).getAttribute('href'), share_url)
  takeComplaints('Content Security Policy') // of the simulator's own page
  assert.deepEqual(complaints, [])
})

test('a phone shows a small player on top', async () => {
  await context.close()
  await openBrowser({ viewport: { width: 390, height: 844 }, colorScheme: 'dark', reducedMotion: 'reduce', hasTouch: true })
  await openStored('pocket@example.com')
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 390, 'the page scrolls sideways')
  await page.locator('.tabs').scrollIntoViewIfNeeded()
  await page.evaluate(() => scrollBy(0, 400))
  const { y, height } = await page.locator('video').boundingBox()
  assert.ok(y === 0 && height <= 844 * 0.3, `at ${y}, ${height} high`)
  await shot('meeting-player-phone-dark')
  await openPage('Meetings')
  await page.goto(`${SERVER_URL}/`)
  assert.deepEqual(complaints, [])
})
