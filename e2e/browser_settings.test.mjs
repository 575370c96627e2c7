// The sections of the settings, and the addresses of pages.
import assert from 'node:assert/strict'
import { button, clients, complaints, context, meetingLink, openPage, openSettings, page, SERVER_URL, shot, signUp, signUpAndSync, takeComplaints, test } from './browser.mjs'

const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor)

test('a choice of light or dark holds in this browser, in every tab', async () => {
  await page.emulateMedia({ colorScheme: 'light' })
  await signUp('colors@example.com')
  const light = await background()
  const other = await context.newPage()
  await other.goto(`${SERVER_URL}/help`)
  await openSettings('Appearance')
  await page.getByLabel('Dark').check()
  const dark = await background()
  assert.notEqual(dark, light)
  await shot('settings-appearance-dark')
  await other.waitForFunction((color) => getComputedStyle(document.body).backgroundColor === color, dark)
  await page.reload()
  await page.getByRole('heading', { name: 'Appearance', level: 1 }).waitFor()
  assert.equal(await background(), dark)
  await page.emulateMedia({ colorScheme: 'dark' })
  await page.getByLabel('Light').check()
  assert.equal(await background(), light, 'the choice outweighs the system')
  await page.getByLabel('As on this device').check()
  assert.equal(await background(), dark)
  assert.deepEqual(complaints, [])
})

test('an assistant’s address and configuration are ready to paste', async () => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await signUp('assistant@example.com')
  await openSettings('API and assistants')
  await button('Copy: Address').click()
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), `${SERVER_URL}/mcp`)
  await page.getByText('Use an API token instead').click()
  await button('Copy: Configuration').click()
  const { mcpServers } = JSON.parse(await page.evaluate(() => navigator.clipboard.readText()))
  assert.equal(mcpServers['fathom-to-loom'].url, `${SERVER_URL}/mcp`)
  await shot('settings-assistants')
  assert.deepEqual(complaints, [])
})

/** Copies the newest meetings, and waits until they are stored. */
async function copy(count) {
  const { pb, db } = await clients()
  const { items } = await db.collection('meetings').getList(1, count, { sort: '-recorded_at' })
  await db.send('/api/transfers', { method: 'POST', body: { recording_ids: items.map((item) => item.recording_id) } })
  for (;;) {
    const jobs = await pb.collection('global_queue').getFullList({ filter: 'kind = "recording.transfer"' })
    if (jobs.length === count && jobs.every(({ status }) => status === 'completed')) return items
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
}

test('several videos are deleted at once', async () => {
  await signUpAndSync('room@example.com')
  const [first, second, third] = await copy(3)
  await openSettings('Storage')
  for (const { title } of [first, second]) await page.getByRole('checkbox', { name: `Select: ${title}`, exact: true }).check()
  await page.getByRole('button', { name: /^Delete 2 videos \(.*B\)$/ }).click()
  await page.getByText(/2 of them are not on Loom yet/).waitFor()
  await shot('settings-storage-delete')
  await button('Delete').click()
  await page.getByRole('checkbox', { name: `Select: ${first.title}`, exact: true }).and(page.locator(':disabled')).waitFor()
  await page.getByRole('button', { name: `Delete video: ${third.title}`, exact: true }).waitFor()
  const { db } = await clients()
  assert.deepEqual((await db.collection('recordings').getFullList()).map((item) => item.recording_id), [third.recording_id])
  assert.deepEqual(complaints, [])
})

test('the browser shows a notice while another window has the focus, and opens its meeting', async () => {
  await context.grantPermissions(['notifications'])
  await page.addInitScript(() => {
    window.shown = []
    window.Notification = class extends EventTarget {
      static permission = 'granted'
      static requestPermission = async () => 'granted'
      constructor(title, options) {
        super()
        window.shown.push({ title, ...options, notification: this })
      }
      close() {}
    }
    document.hasFocus = () => !window.isAway
  })
  await signUpAndSync('notices-in-browser@example.com')
  await openSettings('Notifications')
  await page.getByRole('group', { name: 'In this browser' }).getByLabel('Show notifications').check()
  await page.getByText('are shown while Fathom-to-Loom is open').waitFor()
  await page.evaluate(() => { window.isAway = true })
  const [meeting] = await copy(1)
  await page.waitForFunction(() => window.shown.length > 0)
  assert.match(await page.evaluate(() => window.shown[0].body), new RegExp(meeting.title.replace(/[^\w ]/g, '.')))
  await page.evaluate(() => window.shown[0].notification.dispatchEvent(new Event('click')))
  await page.waitForURL(`${SERVER_URL}/meetings/${meeting.id}`)
  assert.deepEqual(complaints, [])
})

test('every page has an address that survives sign-in, reload, back and forward', async () => {
  await signUpAndSync('addresses@example.com')
  await meetingLink().click()
  await page.getByRole('heading', { name: 'Weekly product sync' }).waitFor()
  const address = page.url()
  assert.match(address, new RegExp(`^${SERVER_URL}/meetings/[a-z0-9]{15}$`))
  await openPage('Activity')
  assert.equal(page.url(), `${SERVER_URL}/activity`)
  await openSettings('Your data')
  assert.equal(page.url(), `${SERVER_URL}/settings/data`)
  await page.goBack()
  await page.goBack()
  await page.getByRole('heading', { name: 'Activity', level: 1 }).waitFor()
  await page.goBack()
  await page.getByRole('heading', { name: 'Weekly product sync' }).waitFor()
  await page.goForward()
  await page.getByRole('heading', { name: 'Activity', level: 1 }).waitFor()

  await page.goto(`${SERVER_URL}/#/jobs`)
  await page.getByRole('heading', { name: 'Activity', level: 1 }).waitFor()
  assert.equal(page.url(), `${SERVER_URL}/activity`, 'a link of a former version')
  await page.goto(`${SERVER_URL}/no/such/page`)
  await page.getByRole('heading', { name: 'Page not found' }).waitFor()
  assert.equal(takeComplaints('404'), 1)
  await page.getByRole('link', { name: 'Go to your meetings' }).click()
  await meetingLink().waitFor()

  await page.evaluate(() => localStorage.clear())
  await page.goto(address)
  await page.getByLabel('E-mail').fill('addresses@example.com')
  await page.getByLabel('Password').fill('a-good-password')
  await button('Sign in').click()
  await page.getByRole('heading', { name: 'Weekly product sync' }).waitFor()
  assert.equal(page.url(), address)
  assert.deepEqual(complaints, [])
})
