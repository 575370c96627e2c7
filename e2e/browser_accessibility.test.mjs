// Every view in every size and color scheme, read by axe and measured; the keyboard alone; the reader's own time zone, the
// direction of texts, and light and dark. An everyday run examines each view in one look, and all looks between them.
import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { direction, examine, look, looks, tabTo } from './browser_accessibility.mjs'
import {
  button, clients, complaints, context, meetingLink, openBrowser, openSettings, page, password, SERVER_URL, shot, showTab, signUp, signUpAndSync, SIM_KEY, simulate, takeComplaints, test,
} from './browser.mjs'

const full = process.env.SOAK === '1'
const sections = {
  fathom: 'Fathom', loom: 'Loom', automation: 'Automation', notifications: 'Notifications', storage: 'Storage', security: 'Security',
  tokens: 'API and assistants', data: 'Your data', appearance: 'Appearance',
}
const title = (name) => page.getByRole('heading', { name, level: 1, exact: true })
const copied = 'Weekly product sync'
const running = 'Daily stand-up'

let examined = 0
const measured = {}

/** Opens views and examines them in some looks, or in all. @param {[string, () => Promise<unknown>][]} views by name */
async function examineViews(views) {
  const problems = []
  for (const [name, open] of views) {
    const chosen = full ? looks : [looks[examined++ % looks.length]]
    for (const { size, scheme } of chosen) {
      await look({ size, scheme })
      await open()
      const { shift, found } = await examine(`${name}, ${size}, ${scheme}`)
      measured[name] = Math.max(measured[name] ?? 0, shift)
      problems.push(...found)
      if (full) await shot(`view-${name.replaceAll(' ', '-')}-${size}-${scheme}`)
    }
  }
  assert.deepEqual(problems, [])
}

/** Opens an address anew and waits for something. */
async function open(path, awaited) {
  await page.goto('about:blank')
  await page.goto(`${SERVER_URL}${path}`)
  await awaited().first().waitFor()
}

/** The path of a meeting's page. */
const pathOf = async (name) => new URL(await page.getByRole('link', { name, exact: true }).first().evaluate((link) => link.href)).pathname.replace(new URL(SERVER_URL).pathname.replace(/\/$/, ''), '')

/** The path of the page on which an assistant's request is answered. */
async function requestOfAnAssistant() {
  const server = await (await fetch(`${SERVER_URL}/.well-known/oauth-authorization-server`)).json()
  const redirect = 'http://127.0.0.1:9/callback'
  const client = await (await fetch(server.registration_endpoint, {
    method: 'POST', body: JSON.stringify({ client_name: 'Robin', redirect_uris: [redirect] }), headers: { 'Content-Type': 'application/json' },
  })).json()
  const parameters = new URLSearchParams({
    response_type: 'code', client_id: client.client_id, redirect_uri: redirect, state: 'a-state', scope: 'read', resource: `${SERVER_URL}/mcp`,
    code_challenge: createHash('sha256').update(randomBytes(32)).digest('base64url'), code_challenge_method: 'S256',
  })
  return `/authorize?${parameters}`
}

test('views without a session, and of a new user, are accessible and don’t move', async () => {
  const signIn = () => page.getByRole('heading', { name: 'Sign in', exact: true })
  await examineViews([
    ['sign-in', () => open('/', signIn)],
    ['sign-up', async () => {
      await open('/', signIn)
      await button('Create account').click()
      await page.getByRole('heading', { name: 'Create account', exact: true }).waitFor()
    }],
  ])
  await signUp('new@example.com')
  await examineViews([
    ['empty list', () => open('/', () => title('Meetings'))],
    ['settings without a key', () => open('/settings/fathom', () => title('Fathom'))],
    ['automation without a key', () => open('/settings/automation', () => title('Automation'))],
    ['empty activity', () => open('/activity', () => title('Activity'))],
    ['not found', async () => {
      await open('/nowhere', () => title('Page not found'))
      takeComplaints('404')
    }],
  ])
  assert.deepEqual(complaints, [])
})

test('views of a user with meetings are accessible and don’t move', async () => {
  await signUpAndSync('reader@example.com')
  const paths = { copied: await pathOf(copied), running: await pathOf(running), next: await pathOf('1:1 Ada and Ben') }
  await page.getByRole('link', { name: copied, exact: true }).click()
  await button('Copy').click()
  await page.getByRole('heading', { name: 'Your turn' }).waitFor()
  await page.goto(SERVER_URL + paths.running)
  await simulate('POST', 'faults', { path: '/media/*', hold: true })
  await button('Copy').click()
  await page.getByRole('heading', { name: 'Copying' }).waitFor()
  const authorize = await requestOfAnAssistant()
  await examineViews([
    ['list', () => open('/', meetingLink)],
    ['meeting', () => open(paths.next, () => title('1:1 Ada and Ben'))],
    ['meeting while copying', () => open(paths.running, () => title(running))],
    ['copied meeting', () => open(paths.copied, () => page.locator('video'))],
    ['activity', () => open('/activity', () => page.locator('.job'))],
    ['search', () => open('/search', () => title('Search'))],
    ['search results', () => open('/search?q=calendars', () => page.locator('mark'))],
    ['help', () => open('/help', () => title('Help'))],
    ['assistant', () => open(authorize, () => button('Allow'))],
    ...Object.entries(sections).map(([section, heading]) => [`settings ${section}`, () => open(`/settings/${section}`, () => title(heading))]),
  ])
  await simulate('POST', 'release')
  assert.deepEqual(complaints, [])
})

test('texts run in the direction of their language', async () => {
  const arabic = 'مراجعة خطة الربع'
  const invitees = [{ name: 'ليلى', email: 'layla@example.com', is_external: false, email_domain: 'example.com' }]
  await simulate('POST', 'meetings', { title: arabic, summary: `## English\n\nFirst\n\n${arabic}`, lines: [arabic], fields: { calendar_invitees: invitees } })
  await signUpAndSync('rtl@example.com')
  const link = page.getByRole('link', { name: arabic, exact: true })
  await link.waitFor()
  assert.equal(await link.evaluate((element) => getComputedStyle(element).unicodeBidi), 'plaintext', 'of the row')
  await link.click()
  await title(arabic).waitFor()
  assert.equal(await direction(title(arabic)), 'rtl', 'of the title')
  await button('Copy').click() // which copies the texts, too
  await page.getByRole('heading', { name: 'Your turn' }).waitFor()
  await showTab('Summary')
  const article = page.getByRole('tabpanel')
  const edge = (text, side) => article.getByText(text, { exact: true }).first().evaluate((element, name) => {
    const range = document.createRange()
    range.selectNodeContents(element)
    return Math.abs(range.getBoundingClientRect()[name] - element.getBoundingClientRect()[name])
  }, side)
  assert.ok(await edge('First', 'left') < 2, 'an English paragraph starts at the left')
  assert.ok(await edge(arabic, 'right') < 2, 'an Arabic paragraph starts at the right')
  assert.equal(await direction(page.locator('.people li').first()), 'rtl', 'of a person')
  await shot('right-to-left')
  assert.deepEqual(complaints, [])
})

// In the evening of UTC, it is the next day in Kolkata, and midday in Los Angeles.
test('times are in the reader’s time zone, with the year unless it is the current one', async () => {
  const year = new Date().getUTCFullYear()
  await simulate('POST', 'meetings', { title: 'An old meeting', created_at: `${year - 2}-03-10T20:30:00Z` })
  await simulate('POST', 'meetings', { title: 'A new meeting', created_at: new Date().toISOString() })
  await signUpAndSync('zones@example.com')
  const storageState = await context.storageState()
  const facts = async (name) => {
    await page.getByLabel('Filter meetings by title').fill(name)
    return page.locator('.row').filter({ has: page.getByRole('link', { name, exact: true }) }).locator('p').first().innerText()
  }
  const { db } = await clients()
  const { recorded_at: recorded } = await db.collection('meetings').getFirstListItem('title = "An old meeting"')
  for (const timezoneId of ['Asia/Kolkata', 'America/Los_Angeles']) {
    const parts = new Intl.DateTimeFormat('en-US', { timeZone: timezoneId, day: 'numeric', hour: 'numeric', minute: 'numeric' }).formatToParts(new Date(recorded.replace(' ', 'T')))
    const [day, hour, minute] = ['day', 'hour', 'minute'].map((type) => parts.find((part) => part.type === type).value)
    await context.close()
    await openBrowser({ timezoneId, storageState })
    await page.goto(SERVER_URL)
    const old = await facts('An old meeting')
    assert.match(old, new RegExp(`\\b${day}\\b.*\\b${year - 2}\\b.* ${hour}:${minute}`), timezoneId)
    assert.doesNotMatch(await facts('A new meeting'), new RegExp(String(year)), 'the current year is shown')
    await page.getByRole('link', { name: 'A new meeting', exact: true }).click()
    await page.locator('.meeting-head').getByText(String(year)).waitFor()
  }
  assert.deepEqual(complaints, [])
})

test('light or dark is chosen, kept, and applied before the first paint', async () => {
  await context.close()
  await openBrowser({ colorScheme: 'light' })
  await signUp('theme@example.com')
  await openSettings('Appearance')
  const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor)
  const light = await ground()
  await page.getByLabel('Dark').check()
  const dark = await ground()
  assert.notEqual(dark, light)
  const other = await context.newPage()
  await other.goto(SERVER_URL)
  assert.equal(await other.evaluate(() => getComputedStyle(document.body).backgroundColor), dark, 'another tab')
  await other.close()

  // Without the app, which comes later, the page is dark already.
  await page.route('**/main-*.js', (route) => route.abort())
  await page.reload()
  assert.equal(await ground(), dark)
  assert.ok(takeComplaints('ERR_FAILED') > 0)
  await page.unroute('**/main-*.js')
  await page.reload()
  await title('Appearance').waitFor()
  assert.ok(await page.getByLabel('Dark').isChecked())
  await page.getByLabel('As on this device').check()
  assert.equal(await ground(), light)
  await page.emulateMedia({ colorScheme: 'dark' })
  assert.equal(await ground(), dark)
  assert.deepEqual(complaints, [])
})

test('the keyboard alone leads from sign-up to a copied meeting', async () => {
  const press = async (element) => {
    await tabTo(element)
    await page.keyboard.press('Enter')
  }
  const type = async (label, text) => {
    await tabTo(page.getByLabel(label, { exact: true }))
    await page.keyboard.type(text)
  }
  const focused = () => page.evaluate(() => document.activeElement !== document.body)
  await page.goto(SERVER_URL)
  await press(button('Create account'))
  await page.getByRole('heading', { name: 'Create account' }).waitFor()
  await type('E-mail', 'keyboard@example.com')
  await type('Password', password)
  await page.keyboard.press('Enter')
  await title('Meetings').waitFor()
  await type('Fathom API key', SIM_KEY.split(',')[0])
  await page.keyboard.press('Enter')
  await meetingLink().waitFor()
  assert.ok(await focused(), 'the focus is lost after the sync')
  await press(meetingLink())
  await title(copied).waitFor()
  await press(button('Copy'))
  await page.getByRole('heading', { name: 'Your turn' }).waitFor()
  assert.ok(await focused(), 'the focus is lost after the transfer')
  await press(button('Download'))
  assert.deepEqual(complaints, [])
})
