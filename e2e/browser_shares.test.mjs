// Links to recordings: on the page of a meeting, and as strangers see them.
import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { button, complaints, context, openBrowser, openSettings, page, shot, signUpAndSync, takeComplaints, test } from './browser.mjs'

const title = 'Weekly product sync'
const row = () => page.locator('.row').filter({ has: page.getByRole('link', { name: title, exact: true }) })
const share = () => page.getByRole('region', { name: 'Share' })

/** Signs up, copies the recording, and opens its meeting. */
async function storeRecording(email) {
  await signUpAndSync(email)
  await page.getByRole('checkbox', { name: `Select: ${title}`, exact: true }).check()
  await page.getByRole('button', { name: 'Only keep a copy here' }).click()
  await row().getByText('Kept here').waitFor()
  await page.getByRole('link', { name: title, exact: true }).click()
  await share().waitFor()
}

/** Waits until the player is between two moments, in seconds. Text instead of a function would violate the page's policy. */
const player = (of, from, to = Infinity, isPlaying = false) => of.waitForFunction(([from, to, isPlaying]) => {
  const { readyState, seeking, paused, currentTime } = document.getElementById('player')
  return readyState > 0 && !seeking && !(isPlaying && paused) && currentTime >= from && currentTime < to
}, [from, to, isPlaying])

test('a user shares a recording, which strangers watch until it is revoked', async () => {
  await storeRecording('sharing@example.com')
  await button('Create link').click()
  await shot('share-form')
  await button('Create').click()
  const link = await share().getByLabel('Address of link 1').inputValue()
  assert.match(link, /\/s\/[0-9A-Za-z]{22}$/)
  await share().getByText('Video with title, summary, transcript').waitFor()
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await button('Copy link 1').click()
  await share().getByText('Copied').waitFor()
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), link)
  await shot('share-links')
  const [owner, ownersContext] = [page, context]

  await openBrowser()
  await page.goto(`${link}?t=5`)
  await page.getByRole('heading', { name: title, level: 1 }).waitFor()
  await player(page, 4.5, 5.5)
  await page.getByRole('heading', { name: 'Transcript' }).waitFor()
  const line = page.locator('.line').nth(1)
  const at = Number(await line.getAttribute('data-t'))
  await line.click()
  await player(page, at + 0.01, at + 5, true)
  await page.waitForFunction(() => document.querySelector('.line[aria-current]'))
  await page.evaluate(() => { document.getElementById('player').currentTime = 11 })
  await player(page, 11)
  await page.evaluate(() => {
    document.getElementById('player').pause()
    document.getElementById('player').textTracks[0].mode = 'showing'
  })
  await page.waitForFunction(() => document.getElementById('player').textTracks[0].cues?.length > 0)
  assert.deepEqual(await page.evaluate(() => [localStorage.length, sessionStorage.length, document.cookie]), [0, 0, ''])
  assert.deepEqual(await context.cookies(), [])
  await shot('share-page')
  await page.emulateMedia({ colorScheme: 'dark' })
  await shot('share-page-dark')
  await page.setViewportSize({ width: 390, height: 844 })
  await page.emulateMedia({ colorScheme: 'light' })
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 390, 'nothing is wider than a phone')
  await shot('share-page-phone')
  assert.deepEqual(complaints, [])
  await framed(link)

  await owner.getByRole('button', { name: 'Revoke: link 1' }).click()
  await owner.getByText('Nobody can open this link any more.').waitFor()
  await owner.getByRole('button', { name: 'Revoke', exact: true }).click()
  await owner.getByLabel('Address of link 1').waitFor({ state: 'hidden' })
  await page.goto(link)
  await page.getByRole('heading', { name: 'Page not found' }).waitFor()
  await shot('share-revoked')
  assert.equal(takeComplaints('404'), 1)
  assert.deepEqual(complaints, [])
  await ownersContext.close()
})

/** Opens a page of another origin that frames the player and, in vain, the page. */
async function framed(link) {
  const site = createServer((request, response) => {
    request.resume()
    response.setHeader('Content-Type', 'text/html')
    response.end(`<!doctype html><title>Other site</title><body style="margin:0"><iframe name="player" src="${link}/embed?t=3" width="640" height="360"></iframe><iframe name="page" src="${link}"></iframe>`)
  })
  await new Promise((resolve) => site.listen(0, '127.0.0.1', resolve))
  try {
    await page.setViewportSize({ width: 800, height: 600 })
    await page.goto(`http://127.0.0.1:${site.address().port}/`)
    const frame = page.frame({ name: 'player' })
    await player(frame, 2.5, 3.5)
    await frame.evaluate(() => { document.getElementById('player').muted = true })
    await frame.evaluate(() => document.getElementById('player').play())
    await player(frame, 3.2)
    await shot('share-embedded')
    assert.equal(await page.frame({ name: 'page' }).evaluate(() => document.getElementById('player')), null)
    assert.ok(takeComplaints('frame-ancestors') + takeComplaints('X-Frame-Options') > 0, 'the browser says why it frames nothing')
    assert.deepEqual(complaints, [])
  } finally {
    site.closeAllConnections()
    await new Promise((resolve) => site.close(resolve))
  }
}

test('a password protects a recording, and what is hidden stays hidden', async () => {
  await storeRecording('secretive@example.com')
  await button('Create link').click()
  await page.getByLabel('Title and date').uncheck()
  await page.getByLabel('Summary and chapters').uncheck()
  await page.getByLabel('Password').fill('correct horse')
  await button('Create').click()
  const link = await share().getByLabel('Address of link 1').inputValue()
  await share().getByText('Video with transcript').waitFor()
  await share().getByText('Password', { exact: true }).waitFor()
  const [owner, ownersContext] = [page, context]

  await openBrowser()
  await page.goto(`${link}?t=4`)
  await page.getByLabel('Password').fill('battery staple')
  await shot('share-password')
  await button('Continue').click()
  await page.getByText('Wrong password.').waitFor()
  assert.equal(await page.getByText(title).count(), 0)
  takeComplaints('403')
  const heading = page.getByRole('heading', { name: 'Shared recording', level: 1 })
  do { // the network has to pause for a second
    await page.getByLabel('Password').fill('correct horse')
    await button('Continue').click()
    await page.getByText('Too many attempts.').or(page.locator('#player')).waitFor()
    takeComplaints('429')
  } while (await page.locator('#player').count() === 0)
  await heading.waitFor()
  await player(page, 3.5, 4.5)
  await page.evaluate(() => { document.getElementById('player').textTracks[0].mode = 'showing' })
  await page.waitForFunction(() => document.getElementById('player').textTracks[0].cues?.length > 0)
  assert.equal(page.url(), `${link}?t=4`, 'the address opens nothing for others')
  assert.equal(await page.getByText(title).count(), 0)
  assert.equal(await page.getByRole('heading', { name: 'Summary' }).count(), 0)
  assert.deepEqual(complaints, [])

  await owner.getByRole('button', { name: 'Change: link 1' }).click()
  await owner.getByLabel('Title and date').check()
  await owner.getByLabel('Remove the password').check()
  await owner.getByLabel('Expires after').selectOption('A week')
  await owner.getByRole('button', { name: 'Save' }).click()
  await owner.getByText('Video with title, transcript').waitFor()
  await page.goto(link)
  await page.getByRole('heading', { name: title, level: 1 }).waitFor()
  await openSettings('Security', owner)
  await owner.getByText(/^Link to recording \d+ changed\./).waitFor()
  await ownersContext.close()
})

test('several recordings are shared at once', async () => {
  await signUpAndSync('several@example.com')
  const titles = [title, 'Sales pipeline review', 'Daily stand-up']
  const select = (name) => page.getByRole('checkbox', { name: `Select: ${name}`, exact: true }).check()
  for (const name of titles.slice(0, 2)) await select(name)
  await page.getByRole('button', { name: 'Only keep a copy here' }).click()
  for (const name of titles.slice(0, 2)) await page.locator('.row').filter({ hasText: name }).getByText('Kept here').waitFor()
  for (const name of titles) await select(name)
  await button('Share 2 recordings').click()
  await page.getByRole('form', { name: 'New link' }).getByLabel('Transcript and captions').uncheck()
  await shot('share-selected')
  await button('Create').click()
  const lines = (await page.locator('.copy-text pre').filter({ hasText: /\n/ }).textContent()).split('\n')
  assert.deepEqual(lines.map((line) => line.split(': ')[0]).sort(), titles.slice(0, 2).sort())
  assert.equal(await page.getByRole('button', { name: /^Share \d/ }).count(), 0)
  const [address] = lines[0].match(/https?:\S+/)
  await openBrowser()
  await page.goto(address)
  await page.locator('#player').waitFor()
  assert.equal(await page.getByRole('heading', { name: 'Transcript' }).count(), 0)
  assert.deepEqual(complaints, [])
})
