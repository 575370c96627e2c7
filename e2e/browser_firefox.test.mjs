// The main flow in Firefox: sign in, list, meeting, player and settings. The account and its copied meeting come from the API.
import assert from 'node:assert/strict'
import { mkdir } from 'node:fs/promises'
import { after, before, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import PocketBase from 'pocketbase'
import { launch } from './firefox.mjs'

const { SERVER_URL, SIM_KEY } = process.env
const email = 'firefox@example.com'
const password = 'a-good-password'
const title = 'Weekly product sync'
const artifacts = fileURLToPath(new URL('artifacts/', import.meta.url))

/** @type {import('puppeteer-core').Browser} */
let browser
/** @type {import('puppeteer-core').Page} */
let page
/** @type {string[]} */
const complaints = []

/** Repeats a question until it has an answer. @template T @param {() => Promise<T>} ask @returns {Promise<T>} */
async function until(ask) {
  for (const end = Date.now() + 60_000; Date.now() < end; await wait(50)) {
    const answer = await ask()
    if (answer) return answer
  }
  throw new Error(`no answer: ${ask}`)
}

/** Creates the account, lists its meetings and copies one. */
async function prepareAccount() {
  const pb = new PocketBase(SERVER_URL)
  await pb.collection('users').create({ email, password, passwordConfirm: password })
  const { meta: { database } } = await pb.collection('users').authWithPassword(email, password)
  const db = new PocketBase(database.url)
  db.authStore.save(database.token, null)
  await db.collection('connections').create({ provider: 'fathom', secret: SIM_KEY })
  const jobs = () => pb.collection('global_queue').getFullList()
  await until(async () => (await db.collection('connections').getFullList())[0].status === 'valid')
  if (!(await jobs()).some(({ kind }) => kind === 'fathom.sync')) await pb.collection('global_queue').create({ kind: 'fathom.sync', payload: {} })
  const meeting = await until(async () => (await db.collection('meetings').getFullList({ filter: db.filter('title = {:title}', { title }) }))[0])
  await db.send('/api/transfers', { method: 'POST', body: { recording_ids: [meeting.recording_id] } })
  await until(async () => (await jobs()).some(({ kind, status }) => kind === 'recording.transfer' && status === 'completed'))
}

before(async () => {
  await mkdir(artifacts, { recursive: true })
  await prepareAccount()
  browser = await launch()
  page = await browser.newPage()
  await page.setViewport({ width: 1280, height: 800 })
  page.on('pageerror', (error) => complaints.push(String(error)))
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
})
after(() => browser?.close())

/** An element that matches a selector and has a name, when there is one. @param {string} selector @param {string} name */
const find = (selector, name) => until(async () => {
  const handle = await page.evaluateHandle((wanted, text) => [...document.querySelectorAll(wanted)].find((element) => {
    const label = element.getAttribute('aria-label') ?? element.labels?.[0]?.textContent ?? element.textContent
    return label.trim() === text && element.getClientRects().length > 0
  }) ?? null, selector, name)
  return handle.asElement()
})
const click = async (selector, name) => (await find(selector, name)).click()
const type = async (name, text) => (await find('input', name)).type(text)
const heading = (name) => find('h1, h2', name)
const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor)
const fits = () => page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth)

test('sign in, list, meeting, player and settings', async () => {
  await page.goto(`${SERVER_URL}/activity`)
  await heading('Sign in')
  await type('E-mail', email)
  await type('Password', password)
  await click('button', 'Sign in')
  await heading('Activity') // the page that was asked for
  await click('nav a', 'Meetings')
  await click('.row-title', title)
  await heading(title)
  await heading('Transcript')
  await until(() => page.evaluate(() => document.querySelector('video')?.readyState > 0))
  await page.evaluate(() => {
    const video = document.querySelector('video')
    video.muted = true
    return video.play()
  })
  await until(() => page.evaluate(() => document.querySelector('video').currentTime > 1))
  await page.screenshot({ path: `${artifacts}firefox-meeting.png` })

  await page.goBack()
  await heading('Meetings')
  await find('.row-title', title)
  await click('nav a', 'Settings')
  await heading('Fathom')
  await find('.badge', 'Connected')
  await click('nav a', 'Appearance')
  await heading('Appearance')
  await click('input', 'Light')
  const light = await ground()
  await click('input', 'Dark')
  assert.notEqual(await ground(), light)
  await page.setViewport({ width: 390, height: 844 })
  for (const path of ['/', '/settings/storage', '/help']) {
    await page.goto(SERVER_URL + path)
    await find('h1', { '/': 'Meetings', '/settings/storage': 'Storage', '/help': 'Help' }[path])
    assert.notEqual(await ground(), light, 'the choice is kept')
    assert.ok(await fits(), `${path} scrolls sideways`)
  }
  await page.screenshot({ path: `${artifacts}firefox-phone-dark.png` })
  await click('button', 'Sign out')
  await heading('Sign in')
  assert.deepEqual(complaints, [])
})
