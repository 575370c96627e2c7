// A browser for the tests of the web app: each test gets a context of its own. Screenshots are written to
// artifacts/.
import assert from 'node:assert/strict'
import { mkdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { after, afterEach, before, beforeEach, test as define } from 'node:test'
import PocketBase from 'pocketbase'
import { launch } from './chromium.mjs'

export const { SERVER_URL, SIM_URL, SIM_KEY, ADMIN_EMAIL, ADMIN_PASSWORD, ONLY } = process.env
const keys = SIM_KEY.split(',')
let signUps = 0
export const artifacts = fileURLToPath(new URL('artifacts/', import.meta.url))
export const password = 'a-good-password'

// ONLY runs the tests of these names, one a line, alone.
export const test = (name, run) => (!ONLY || ONLY.split('\n').includes(name)) && define(name, run)

/** @type {import('playwright-core').Browser} */
let browser
/** @type {import('playwright-core').BrowserContext} */
export let context
/** @type {import('playwright-core').Page} */
export let page
/** Errors on the console and uncaught exceptions. @type {string[]} */
export let complaints = []

before(async () => {
  await mkdir(artifacts, { recursive: true })
  browser = await launch()
})
after(() => browser.close())

beforeEach(async () => {
  complaints = []
  await openBrowser()
})
afterEach(() => context.close())

/**
 * Opens a page in a new context, without any session.
 * @param {import('playwright-core').BrowserContextOptions} [options]
 */
export async function openBrowser(options) {
  context = await browser.newContext({ viewport: { width: 1280, height: 800 }, acceptDownloads: true, ...options })
  page = await context.newPage()
  page.setDefaultTimeout(60_000)
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
  page.on('pageerror', (error) => complaints.push(String(error)))
}

export async function signInAsAdmin() {
  await page.locator('input[type=email]').fill(ADMIN_EMAIL)
  await page.locator('input[type=password]').fill(ADMIN_PASSWORD)
  await page.keyboard.press('Enter')
}

/** Removes the expected complaints that contain a text, and returns how many there were. */
export function takeComplaints(text) {
  const expected = complaints.filter((complaint) => complaint.includes(text))
  complaints = complaints.filter((complaint) => !complaint.includes(text))
  return expected.length
}

/** Calls the simulator. */
export async function simulate(method, path, body) {
  const response = await fetch(`${SIM_URL}/_simulator/${path}`, { method, body: JSON.stringify(body) })
  assert.ok(response.ok, `${method} ${path}: ${response.status}`)
}

export const button = (name) => page.getByRole('button', { name, exact: true })
export const shot = (name) => !ONLY && page.screenshot({ path: `${artifacts}${name}.png`, fullPage: true })

export async function signUp(email) {
  await page.goto(SERVER_URL)
  await button('Create account').click()
  await page.getByRole('heading', { name: 'Create account' }).waitFor()
  await page.getByLabel('E-mail').fill(email)
  await page.getByLabel('Password').fill(password)
  await button('Create account').click()
  await button('Sign out').waitFor()
}

/** Shows a tab of a meeting. @param {'Transcript'|'Summary'|'Actions'} name */
export const showTab = (name) => page.getByRole('tab', { name, exact: true }).click()

/** Opens a page with the main navigation. @param {'Meetings'|'Activity'|'Settings'|'Help'} name */
export const openPage = (name, of = page) => of.getByRole('navigation', { name: 'Main' }).getByRole('link', { name, exact: true }).click()

/** Opens a section of the settings as a user does, and waits for it. @param {string} section its title, such as "Your data" */
export async function openSettings(section, of = page) {
  await openPage('Settings', of)
  await of.getByRole('navigation', { name: 'Settings' }).getByRole('link', { name: section, exact: true }).click()
  await of.getByRole('heading', { name: section, level: 1 }).waitFor()
}

/** Clients of the server and of the user's database, with the session of the page. */
export async function clients() {
  const pb = new PocketBase(SERVER_URL)
  pb.authStore.save(JSON.parse(await page.evaluate(() => localStorage.getItem('fathom-to-loom'))).token, null)
  const { url, token } = await pb.send('/api/session', { method: 'POST' })
  const db = new PocketBase(url)
  db.authStore.save(token, null)
  return { pb, db }
}

/** The saved value of a preference of the user. @param {string} key */
export async function preference(key) {
  const { db } = await clients()
  return (await db.collection('preferences').getList(1, 1, { filter: db.filter('key = {:key}', { key }) })).items[0]?.value
}

/** Saves a key on the page of the meetings, where the first sync then starts by itself. */
export async function saveFirstKey(key) {
  await page.getByLabel('Fathom API key').fill(key)
  await button('Save key').click()
}

export async function saveKey(key) {
  await openSettings('Fathom')
  await page.getByLabel('Fathom API key').fill(key)
  await button('Save key').click()
}

export const connected = () => page.getByText('Connected', { exact: true })
export const meetingLink = () => page.getByRole('link', { name: 'Weekly product sync', exact: true })

/** Signs up, connects Fathom with a key that no other test has used, if there are several, and waits for the meetings. */
export async function signUpAndSync(email) {
  await signUp(email)
  await saveFirstKey(keys[signUps++ % keys.length])
  await meetingLink().waitFor()
  await button('Sync meetings').waitFor() // the sync has ended
}
