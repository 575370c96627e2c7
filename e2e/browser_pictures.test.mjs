// The pictures of the README and of docs/guide.md, in the folder PICTURES: what people see first, in light and dark, on a desktop
// and a phone.
import assert from 'node:assert/strict'
import { mkdir } from 'node:fs/promises'
import { clients, complaints, meetingLink, openBrowser, page, signUpAndSync, SERVER_URL, test } from './browser.mjs'

const { PICTURES } = process.env
const phone = { viewport: { width: 390, height: 780 }, deviceScaleFactor: 2 }

/** Takes a picture of the window when all images are shown and nothing moves. */
async function picture(name) {
  await page.evaluate(() => Promise.all([document.fonts.ready, ...[...document.images].map((image) => image.decode().catch(() => {}))]))
  await page.mouse.move(0, 0)
  await mkdir(PICTURES, { recursive: true })
  await page.screenshot({ path: `${PICTURES}/${name}.png`, animations: 'disabled' })
}

/** Plays a meeting's video until a moment in seconds. */
async function watch(title, until) {
  await page.getByRole('link', { name: title, exact: true }).click()
  await page.locator('video').evaluate((video) => {
    video.muted = true
    return new Promise((resolve) => {
      if (video.readyState > 0) return resolve(video.play())
      video.addEventListener('loadedmetadata', () => resolve(video.play()))
    })
  })
  await page.waitForFunction((moment) => document.querySelector('video').currentTime >= moment, until)
}

/** Watches a meeting until its poster is saved. */
async function savePoster(title) {
  const saved = page.waitForResponse((response) => response.request().method() === 'PUT' && response.url().endsWith('/poster'))
  await watch(title, 0)
  await saved
  await page.goto(SERVER_URL)
}

test('the library, a meeting and the desk', async () => {
  await signUpAndSync('ada@example.com')
  const { pb, db } = await clients()
  const { items } = await db.collection('meetings').getList(1, 6, { sort: '-recorded_at' })
  await db.send('/api/transfers', { method: 'POST', body: { recording_ids: items.slice(0, 5).map(({ recording_id: id }) => id) } })
  for (;;) {
    const { totalItems } = await pb.collection('global_queue').getList(1, 1, { filter: 'finished_at = ""' })
    if (!totalItems) break
  }
  await page.goto(SERVER_URL)
  for (const { title } of items.slice(0, 4)) await savePoster(title)
  await meetingLink().waitFor()
  await picture('library-light')
  await page.emulateMedia({ colorScheme: 'dark' })
  await watch('Brightwater Logistics: onboarding call', 5)
  await page.locator('video').evaluate((video) => video.pause())
  await picture('meeting-dark')
  await page.emulateMedia({ colorScheme: 'light' })
  await page.goto(`${SERVER_URL}/upload`)
  await page.getByRole('heading', { level: 1 }).waitFor()
  await picture('upload-light')
  const state = await page.context().storageState()
  await openBrowser({ ...phone, storageState: state })
  await page.goto(SERVER_URL)
  await meetingLink().waitFor()
  await page.getByText(/^Synced /).waitFor()
  await page.getByRole('link', { name: /^To upload/ }).getByText('5').waitFor()
  await picture('library-phone')
  assert.deepEqual(complaints, [])
})
