// Opens the sign-in page of servers with different values of SIGNUP in a real browser.
import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { launch } from './chromium.mjs'

const { OPEN_URL, INVITE_URL, VERIFIED_URL, CLOSED_URL } = process.env
const password = 'a-good-password'

/** @type {import('playwright-core').Browser} */
let browser
/** @type {import('playwright-core').Page} */
let page

before(async () => {
  browser = await launch()
})
after(() => browser.close())
beforeEach(async () => {
  page = await browser.newPage()
  page.setDefaultTimeout(60_000)
})

const button = (name) => page.getByRole('button', { name, exact: true })

async function open(url) {
  await page.goto(url)
  await page.getByRole('heading', { name: 'Sign in' }).waitFor()
}

async function submit(label, email) {
  await page.getByLabel('E-mail').fill(email)
  await page.getByLabel('Password').fill(password)
  await button(label).click()
}

test('a server with open sign-up offers an account', async () => {
  await open(OPEN_URL)
  await page.getByText('New here?').waitFor()
  await button('Create account').click()
  await page.getByRole('heading', { name: 'Create account' }).waitFor()
})

test('a server with closed sign-up shows no form for it', async () => {
  await open(CLOSED_URL)
  await page.getByText('Ask the operator of this server for an account').waitFor()
  assert.equal(await button('Create account').count(), 0)
})

test('a server with invitations says so, and why it refuses others', async () => {
  await open(INVITE_URL)
  await page.getByText('Accounts are by invitation').waitFor()
  await button('Create account').click()
  await page.getByText('The address that was invited.').waitFor()
  await submit('Create account', 'stranger@example.com')
  await page.getByRole('alert').filter({ hasText: 'Sign-up is by invitation' }).waitFor()
})

test('a new user is asked to confirm the address', async () => {
  await open(VERIFIED_URL)
  await button('Create account').click()
  await submit('Create account', 'ada@example.com')
  await page.getByText('Your account was created').waitFor()
  const again = page.waitForResponse((response) => response.url().endsWith('/request-verification'))
  await button('Send the message again').click()
  assert.equal((await again).status(), 204)
  await page.getByText('If no message arrives, look in your spam folder, and ask again in ten minutes.').waitFor()
  await button('Send the message again').waitFor()

  await button('Sign in').click()
  await submit('Sign in', 'ada@example.com')
  await page.getByText('open the link in the message that was sent to ada@example.com').waitFor()
  await button('Back to the form').click()
  await page.getByLabel('Password').waitFor()
})
