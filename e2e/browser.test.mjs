// The web app in a real browser, as a person would use it. Screenshots go to
// artifacts/ for whoever wants to look.
import assert from 'node:assert/strict'
import { mkdir, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { after, afterEach, before, beforeEach, test as define } from 'node:test'
import { chromium } from 'playwright-core'

const { SERVER_URL, SIM_URL, SIM_KEY, ADMIN_EMAIL, ADMIN_PASSWORD, ONLY } = process.env
const artifacts = fileURLToPath(new URL('artifacts/', import.meta.url))
const password = 'a-good-password'

// One of the tests alone, where ONLY names it.
const test = (name, run) => (!ONLY || ONLY === name) && define(name, run)

/** @type {import('playwright-core').Browser} */
let browser
/** @type {import('playwright-core').BrowserContext} */
let context
/** @type {import('playwright-core').Page} */
let page
let complaints = []

before(async () => {
  await mkdir(artifacts, { recursive: true })
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  })
})
after(() => browser.close())

beforeEach(async () => {
  complaints = []
  await openBrowser()
})
afterEach(() => context.close())

/** Opens a page that knows nobody. */
async function openBrowser() {
  context = await browser.newContext({ viewport: { width: 1280, height: 800 }, acceptDownloads: true })
  page = await context.newPage()
  page.setDefaultTimeout(20_000)
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
  page.on('pageerror', (error) => complaints.push(String(error)))
}

async function signInAsAdmin() {
  await page.locator('input[type=email]').fill(ADMIN_EMAIL)
  await page.locator('input[type=password]').fill(ADMIN_PASSWORD)
  await page.keyboard.press('Enter')
}

const button = (name) => page.getByRole('button', { name, exact: true })
const shot = (name) => !ONLY && page.screenshot({ path: `${artifacts}${name}.png`, fullPage: true })

async function signUp(email) {
  await page.goto(SERVER_URL)
  await button('Make an account').click()
  await page.getByLabel('E-mail').fill(email)
  await page.getByLabel('Password').fill(password)
  await button('Make account').click()
  await page.getByRole('link', { name: 'Connections' }).first().waitFor()
}

async function saveKey(key) {
  await page.getByRole('link', { name: 'Connections' }).first().click()
  await page.getByLabel('Fathom API key').fill(key)
  await button('Save key').click()
}

test('sign up, save the key, sync, transfer, hand over', async () => {
  await page.goto(SERVER_URL)
  await page.getByRole('heading', { name: 'Sign in' }).waitFor()
  await shot('sign-in')
  await signUp('ada@example.com')
  await saveKey(SIM_KEY)
  await page.getByText('Working').waitFor()
  await page.getByText(SIM_KEY.slice(-4)).waitFor()
  assert.ok(!(await page.content()).includes(SIM_KEY), 'the key is shown')
  await shot('connections')

  await page.getByRole('link', { name: 'Meetings' }).first().click()
  await page.getByRole('button', { name: /sync/i }).first().click()
  await page.getByRole('link', { name: 'Weekly product sync', exact: true }).waitFor()
  await shot('meetings')

  await page.getByRole('link', { name: 'Weekly product sync', exact: true }).click()
  await button('Transfer to Loom').click()
  await page.getByRole('heading', { name: 'Ready for Loom' }).waitFor()
  await page.getByRole('heading', { name: /summary/i }).first().waitFor()
  await shot('hand-over')

  const [download] = await Promise.all([page.waitForEvent('download'), button('Download').click()])
  assert.match(download.suggestedFilename(), /^Weekly product sync \d{4}-\d{2}-\d{2}\.mp4$/)
  const [popup] = await Promise.all([context.waitForEvent('page'), page.locator('.hand-over').getByRole('link', { name: /^Open / }).click()])
  assert.equal(popup.url().split('#')[0], `${SIM_URL}/looms/videos`, 'the link leads to where this server’s Loom is')
  await popup.close()
  const bytes = await readFile(await download.path())
  const uploaded = await fetch(`${SIM_URL}/_simulator/loom/upload?filename=${encodeURIComponent(download.suggestedFilename())}`, { method: 'POST', body: bytes })
  const { share_url } = await uploaded.json()

  await page.getByLabel('Loom share link').fill('https://example.com/video')
  await button('Save link').click()
  await page.locator('.error, [role=alert]').filter({ hasText: /Loom share link/ }).first().waitFor()
  const refused = complaints.filter((text) => text.includes('400'))
  assert.equal(refused.length, 1)
  complaints = complaints.filter((text) => !text.includes('400'))
  await page.getByLabel('Loom share link').fill(share_url)
  await button('Save link').click()
  await page.getByRole('heading', { name: 'It’s on Loom' }).waitFor()
  await shot('delivered')

  await page.reload()
  await page.getByRole('heading', { name: 'It’s on Loom' }).waitFor()
  assert.deepEqual(complaints, [])
})

test('a wrong key says so', async () => {
  await signUp('wrong@example.com')
  await saveKey('this-is-no-fathom-key')
  await page.getByText('Not working').waitFor()
  await page.getByText(/refused this API key/).waitFor()
  await shot('wrong-key')
  assert.deepEqual(complaints, [])
})

test('a second person in the same browser sees nothing of the first', async () => {
  await signUp('first@example.com')
  await saveKey(SIM_KEY)
  await page.getByText('Working').waitFor()
  await page.getByRole('link', { name: 'Meetings' }).first().click()
  await page.getByRole('button', { name: /sync/i }).first().click()
  await page.getByRole('link', { name: 'Weekly product sync', exact: true }).waitFor()
  await button('Sign out').click()
  await page.getByRole('heading', { name: 'Sign in' }).waitFor()
  assert.equal(await page.evaluate(() => localStorage.length), 0)

  await signUp('second@example.com')
  await page.getByRole('link', { name: 'Meetings' }).first().click()
  await page.getByRole('link', { name: /connection|key/i }).first().waitFor()
  assert.ok(!(await page.content()).includes('Weekly product sync'))
  assert.deepEqual(complaints, [])
})

test('storage, taking everything along, and leaving', async () => {
  await signUp('leaver@example.com')
  await page.getByRole('link', { name: 'Account' }).click()
  await page.getByText(/kB used/).waitFor()
  await shot('account')
  const [download] = await Promise.all([page.waitForEvent('download'), button('Download everything').click()])
  assert.match(download.suggestedFilename(), /^fathom-to-loom-\d{4}-\d{2}-\d{2}-\d{3}-leaver-.*\.zip$/)
  const archive = await readFile(await download.path())
  assert.equal(archive.subarray(0, 2).toString(), 'PK')
  assert.ok(archive.includes('data.db'))

  await button('Delete my account').click()
  await page.getByLabel(/e-mail address to confirm/).fill('somebody@example.com')
  await button('Delete everything').click()
  await page.getByText(/isn’t the address/).waitFor()
  await page.getByLabel(/e-mail address to confirm/).fill('leaver@example.com')
  await shot('delete-account')
  await button('Delete everything').click()
  await page.getByText('Your account has been deleted.').waitFor()
  assert.equal(await page.evaluate(() => localStorage.length), 0)
  assert.deepEqual(complaints, [])
})

test('a superuser looks into a user’s database with the login of the server', async () => {
  await signUp('watched@example.com')
  const name = await page.evaluate(() => Object.keys(localStorage).find((key) => key.startsWith('db_')).slice(3))
  await context.close()
  await openBrowser()
  await page.goto(`${SERVER_URL}/db/${name}/_/`)
  await signInAsAdmin()
  await page.getByText('preferences').first().waitFor()
  await page.getByText('connections').first().click()
  await page.waitForLoadState('networkidle')
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

test('many meetings at once: watched, cancelled, tried again, and synced by themselves', async () => {
  await signUp('many@example.com')
  await saveKey(SIM_KEY)
  await page.getByText('Working').waitFor()
  await page.getByLabel('Sync automatically').selectOption('Every hour')
  await page.getByText(/The next sync begins/).waitFor()
  await page.getByRole('link', { name: 'Meetings' }).first().click()
  await button('Sync meetings').click()
  await page.getByRole('button', { name: /^Transfer \d+ to Loom$/ }).click()
  await page.getByRole('button', { name: /^Transfer \d+ meetings$/ }).click()
  await page.getByRole('link', { name: 'Jobs' }).click()
  await page.getByRole('heading', { name: /active jobs/ }).waitFor()
  await page.getByText(/in the queue|Next in the queue/).first().waitFor()
  await shot('jobs')
  await button('Cancel all').click()
  await page.getByRole('group').getByRole('button', { name: 'Cancel all' }).click()
  await page.getByRole('heading', { name: 'Nothing waits or runs' }).waitFor()
  const row = page.locator('li').filter({ hasText: 'Cancelled' }).filter({ hasText: 'Transfer:' }).first()
  const title = await row.getByRole('link').textContent()
  await row.getByRole('button', { name: 'Try again' }).click()
  await page.locator('li').filter({ hasText: title }).filter({ hasText: /Done|dead|Failed/ }).first().waitFor()
  await shot('jobs-ended')
  assert.deepEqual(complaints, [])
})

test('an operator retries and pauses in the admin UI', async () => {
  await signUp('stuck@example.com')
  await page.evaluate(async () => { // a job that can't be done, in the app's own session
    const { pb } = await import('/src/clients.js')
    await pb.collection('global_queue').create({ kind: 'recording.transfer', payload: { recording_id: 424242 } })
  })
  await context.close()
  await openBrowser()
  await page.goto(`${SERVER_URL}/_/`)
  await signInAsAdmin()
  await page.getByRole('link', { name: 'Queue' }).click()
  const row = page.locator('tr, .list-item').filter({ hasText: 'stuck@example.com' }).first()
  await row.waitFor()
  await shot('admin-ui-queue')
  await row.getByRole('checkbox').first().check({ force: true })
  await page.getByRole('button', { name: 'Retry selected' }).click()
  await page.getByText(/queued again/).first().waitFor()
  await row.filter({ hasText: '2 / 9' }).waitFor()
  await page.getByRole('button', { name: 'Pause all kinds' }).click()
  await page.getByLabel('Reason').fill('Loom is down')
  await page.getByRole('button', { name: 'Pause', exact: true }).click()
  await page.getByText('Loom is down').waitFor()
  await page.getByRole('button', { name: 'Resume' }).click()
  await page.getByText('Loom is down').waitFor({ state: 'detached' })
  assert.deepEqual(complaints, [])
})

test('it fits a phone and a dark room', async () => {
  await context.close()
  context = await browser.newContext({ viewport: { width: 390, height: 844 }, colorScheme: 'dark' })
  page = await context.newPage()
  await signUp('phone@example.com')
  await saveKey(SIM_KEY)
  await page.getByText('Working').waitFor()
  await page.getByRole('link', { name: 'Meetings' }).first().click()
  await page.getByRole('button', { name: /sync/i }).first().click()
  await page.getByRole('link', { name: 'Weekly product sync', exact: true }).waitFor()
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 390, 'the page scrolls sideways')
  await shot('phone-dark')
})
