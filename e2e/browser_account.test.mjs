// An account nobody can lose: the password is forgotten, the address changes, the sign-in takes a code, and other browsers are
// signed out. The mail server is real, and the other service to sign in with is a small OpenID provider in this file.
import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { once } from 'node:events'
import { after, before } from 'node:test'
import { ADMIN_EMAIL, ADMIN_PASSWORD, button, complaints, context, openBrowser, page, password, SERVER_URL, shot, takeComplaints, test } from './browser.mjs'

const phone = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true }
const newPassword = 'another-good-password'

/** @type {import('node:http').Server} */
let provider
let admin = ''

before(async () => {
  // Asks nobody, and returns to where the request came from; the person is whom the cookie names.
  provider = createServer((request, response) => {
    const url = new URL(request.url, 'http://127.0.0.1')
    response.setHeader('Content-Type', url.pathname === '/auth' ? 'text/html' : 'application/json')
    if (url.pathname === '/auth') {
      const back = new URL(url.searchParams.get('redirect_uri'))
      back.searchParams.set('state', url.searchParams.get('state'))
      const denied = new URL(back)
      denied.searchParams.set('error', 'access_denied')
      back.searchParams.set('code', 'the-code')
      response.end(`<h1>Provider</h1><a id="allow" href="${back.href.replaceAll('&', '&amp;')}">Allow</a> <a id="deny" href="${denied.href.replaceAll('&', '&amp;')}">Deny</a>`)
    } else if (url.pathname === '/token') {
      response.end(JSON.stringify({ access_token: 'access', token_type: 'Bearer', expires_in: 3600 }))
    } else {
      response.end(JSON.stringify({ sub: 'person-1', email: 'oauth@example.com', email_verified: true, name: 'Ada' }))
    }
  }).listen(0, '127.0.0.1')
  await once(provider, 'listening')
  const base = `http://127.0.0.1:${provider.address().port}`
  const auth = await call('POST', '/api/collections/_superusers/auth-with-password', { identity: ADMIN_EMAIL, password: ADMIN_PASSWORD })
  admin = auth.token
  await call('PATCH', '/api/collections/users', {
    oauth2: { enabled: true, providers: [{ name: 'oidc', displayName: 'Acme', clientId: 'id', clientSecret: 'secret', authURL: `${base}/auth`, tokenURL: `${base}/token`, userInfoURL: `${base}/user` }] },
  }, admin)
})
after(() => provider.close())

async function call(method, path, body, token = '') {
  const response = await fetch(SERVER_URL + path, { method, body: JSON.stringify(body), headers: { 'Content-Type': 'application/json', Authorization: token } })
  assert.ok(response.ok, `${method} ${path}: ${response.status}`)
  return response.status === 204 ? null : response.json()
}

const mails = async () => (await (await fetch(process.env.MAILS_URL)).json())
  .map((text) => text.replace(/=\r?\n/g, '').replaceAll('=3D', '='))

/** Waits for the mail to an address that contains a pattern, after the first `skip` ones. */
async function received(address, pattern, skip = 0) {
  for (const deadline = Date.now() + 30_000; Date.now() < deadline;) {
    const found = (await mails()).filter((text) => text.includes(`To: <${address}>`) || text.includes(`To: ${address}`))
      .map((text) => text.match(pattern)).filter(Boolean)
    if (found.length > skip) return found[skip]
    await page.waitForTimeout(100)
  }
  throw new Error(`no mail to ${address} with ${pattern}`)
}

const linkTo = async (address, name, skip) => (await received(address, new RegExp(`^(http\\S+/${name}#\\S+?)\\r?$`, 'm'), skip))[1]
const codeFor = async (address, skip) => (await received(address, /^(\d{8})\r?$/m, skip))[1]

const signedIn = () => page.getByRole('link', { name: 'Settings', exact: true }).waitFor()
const signedOut = () => page.getByRole('heading', { name: 'Sign in', exact: true }).waitFor()

async function signUp(email) {
  await page.goto(SERVER_URL)
  await button('Create account').click()
  await page.getByRole('heading', { name: 'Create account' }).waitFor()
  await page.getByLabel('E-mail').fill(email)
  await page.getByLabel('Password').fill(password)
  await button('Create account').click()
  await signedIn()
}

async function verify(email) {
  await page.goto(await linkTo(email, 'verify-email'))
  await page.getByRole('heading', { name: 'Your address is confirmed' }).waitFor()
}

async function signIn(email, secret = password) {
  await page.getByLabel('E-mail').fill(email)
  await page.getByLabel('Password').fill(secret)
  await page.keyboard.press('Enter')
}

/** Submits a form until something appears: after a wrong password or code, the server refuses the next one for a second. */
async function submitUntil(submit, appears) {
  for (const deadline = Date.now() + 30_000; Date.now() < deadline;) {
    await submit()
    if (await appears.waitFor({ timeout: 700 }).then(() => true, () => false)) return takeComplaints('429')
  }
  throw new Error('the form was refused')
}

const security = async () => {
  await page.goto(`${SERVER_URL}/settings/security`)
  await page.getByRole('heading', { name: 'Two-step sign-in' }).waitFor()
}

/** Whether a heading has the focus as soon as it is on the page, before it can be seen. */
const focusOfNextHeading = (text) => new Promise((resolve) => {
  new MutationObserver(() => {
    const heading = document.querySelector('h1')
    if (heading?.textContent === text) resolve(document.activeElement === heading)
  }).observe(document, { childList: true, subtree: true })
})

async function shots(name) {
  await shot(`account-${name}`)
  await page.emulateMedia({ colorScheme: 'dark' })
  await shot(`account-${name}-dark`)
  await page.emulateMedia({ colorScheme: 'light' })
}

for (const [size, options] of [['desktop', {}], ['phone', phone]]) {
  test(`a forgotten password is replaced on a ${size}, by keyboard alone`, async () => {
    const email = `forgot-${size}@example.com`
    await openBrowser(options)
    await signUp(email)
    await verify(email)
    await shots(`verified-${size}`)
    await context.close()
    await openBrowser(options)
    await page.goto(SERVER_URL)
    await signedOut()
    await shots(`sign-in-${size}`)
    await page.getByRole('link', { name: 'Forgot your password?' }).focus()
    const hasFocusAtOnce = page.evaluate(focusOfNextHeading, 'Forgot your password?')
    await page.keyboard.press('Enter')
    assert.equal(await hasFocusAtOnce, true, 'a key pressed as soon as the page appears starts from its heading')
    await page.keyboard.press('Tab')
    assert.equal(await page.evaluate(() => document.activeElement.id), 'email', 'the heading has the focus first')
    await page.keyboard.type(email)
    await page.keyboard.press('Enter')
    await page.getByText(`If ${email} has an account here`).waitFor()
    await shots(`forgot-${size}`)
    const link = await linkTo(email, 'reset-password')
    await page.goto(link)
    await page.getByText(`For the account of ${email}`).waitFor()
    await page.keyboard.press('Tab')
    await page.keyboard.type(newPassword)
    await shots(`reset-${size}`)
    await page.keyboard.press('Enter')
    await signedIn()
    assert.equal(page.url(), `${SERVER_URL}/`, 'the secret is gone from the address')

    await page.goto('about:blank')
    await page.goto(link)
    await page.getByLabel('New password').fill('a-third-password')
    await page.keyboard.press('Enter')
    await page.getByText('This link has expired or was used already.').waitFor()
    assert.equal(takeComplaints('400'), 1)
    await page.goto(`${SERVER_URL}/reset-password#not-a-token`)
    await page.getByText('This link is incomplete').waitFor()
    assert.deepEqual(complaints, [])
  })

  test(`the sign-in takes a code on a ${size}`, async () => {
    const email = `two-step-${size}@example.com`
    await openBrowser(options)
    await signUp(email)
    await verify(email)
    await security()
    await button('Turn on').focus()
    await page.keyboard.press('Enter')
    await page.getByLabel('Code', { exact: true }).waitFor()
    assert.equal(await page.evaluate(() => document.activeElement.id), 'two-step-code')
    const first = await codeFor(email)
    await page.keyboard.type(first === '00000000' ? '11111111' : '00000000')
    await page.keyboard.press('Enter')
    await page.getByText('The code is wrong or has expired.').waitFor()
    await shots(`two-step-wrong-${size}`)
    assert.equal(takeComplaints('400'), 1)
    await page.getByLabel('Code', { exact: true }).fill(first)
    await submitUntil(() => page.keyboard.press('Enter'), page.getByText('On.', { exact: true }))
    await page.waitForFunction(() => document.activeElement.textContent === 'Turn off')
    await shots(`security-${size}`)

    await button('Sign out').click()
    await signedOut()
    await signIn(email)
    await page.getByRole('heading', { name: 'Enter your code' }).waitFor()
    await page.getByText(/A code was sent to t…@example.com/).waitFor()
    await shots(`code-${size}`)
    await button('Send another code').click()
    await page.getByText('Wait half a minute').waitFor()
    await page.getByLabel('Code', { exact: true }).fill(await codeFor(email, 1))
    await page.keyboard.press('Enter')
    await signedIn()
    assert.ok(takeComplaints('401') >= 1, 'the first step ends with 401')

    await security()
    await button('Turn off').click()
    await page.getByLabel('Code', { exact: true }).fill(await codeFor(email, 2))
    await button('Turn off').click()
    await page.getByText('Off.', { exact: true }).waitFor()
    assert.deepEqual(complaints, [])
  })
}

test('the password is changed, and this browser stays signed in', async () => {
  await signUp('password@example.com')
  const mine = { context, page }
  await openBrowser()
  const other = { context, page }
  await page.goto(SERVER_URL)
  await signIn('password@example.com')
  await signedIn()
  await mine.page.goto(`${SERVER_URL}/settings/security`)
  await mine.page.getByLabel('Current password').fill('not-the-password')
  await mine.page.getByLabel('New password').fill(newPassword)
  await mine.page.getByRole('button', { name: 'Change password' }).click()
  await mine.page.getByText('This is not your current password.').waitFor()
  await mine.page.getByLabel('Current password').fill(password)
  await submitUntil(() => mine.page.getByRole('button', { name: 'Change password' }).click(), mine.page.getByText('You are still signed in here.'))
  await other.page.getByRole('heading', { name: 'Sign in', exact: true }).waitFor()
  await mine.page.getByRole('link', { name: 'Activity' }).click() // reads with the new session
  await mine.page.getByRole('heading', { name: 'Activity', level: 1 }).waitFor()
  await mine.page.reload()
  await mine.page.getByRole('link', { name: 'Settings', exact: true }).waitFor()
  await mine.context.close()
})

test('everybody else is signed out at once, and this browser stays signed in', async () => {
  await signUp('everywhere@example.com')
  const mine = { context, page }
  const tab = await context.newPage()
  await tab.goto(`${SERVER_URL}/settings/security`)
  await tab.getByRole('heading', { name: 'Sign out everywhere' }).waitFor()
  await openBrowser(phone)
  await page.goto(SERVER_URL)
  await signIn('everywhere@example.com')
  await signedIn()
  const phonePage = page
  await tab.getByRole('button', { name: 'Sign out everywhere else' }).click()
  await tab.getByText('Scripts and assistants that use a token stop working.').waitFor()
  await tab.getByRole('button', { name: 'Sign out everywhere else' }).click()
  await tab.getByText('All other browsers and devices were signed out.').waitFor()
  await phonePage.getByRole('heading', { name: 'Sign in', exact: true }).waitFor()
  await phonePage.getByText('Your session has expired').waitFor()
  await tab.reload()
  await tab.getByRole('region', { name: 'Recent sign-ins' }).getByText('Signed out everywhere').waitFor()
  await mine.page.reload()
  await mine.page.getByRole('link', { name: 'Settings', exact: true }).waitFor()
  await mine.context.close()
})

test('the address changes with a link and the password', async () => {
  const email = 'old@example.com'
  await signUp(email)
  await verify(email)
  await security()
  await page.getByLabel('New e-mail address').fill('new@example.com')
  await button('Change address').click()
  await page.getByText('Open the link in the message that was sent to new@example.com').waitFor()
  await page.goto(await linkTo('new@example.com', 'confirm-email'))
  await page.getByText('From now on, your account will use new@example.com').waitFor()
  await shots('confirm-email')
  await page.getByLabel('Your password').fill('not-the-password')
  await page.keyboard.press('Enter')
  await page.getByText('This is not the password of your account.').waitFor()
  assert.equal(takeComplaints('400'), 1)
  await page.getByLabel('Your password').fill(password)
  await submitUntil(() => page.keyboard.press('Enter'), page.getByRole('link', { name: 'Settings', exact: true }))
  await page.getByText('new@example.com').first().waitFor()
  await received(email, /no longer uses this address/)
  takeComplaints('401') // of the session that has ended
  assert.deepEqual(complaints, [])
})

test('a phone signs in with another service in the same window', async () => {
  await openBrowser(phone)
  await page.goto(SERVER_URL)
  await button('Continue with Acme').click()
  await page.getByRole('link', { name: 'Deny' }).click()
  await page.getByText('Sign-in was cancelled.').waitFor()
  await button('Continue with Acme').click()
  await page.getByRole('link', { name: 'Allow' }).click()
  await signedIn()
  assert.equal(page.url(), `${SERVER_URL}/`)
  assert.equal(await page.evaluate(() => sessionStorage.getItem('oauth-sign-in')), null)
  await security()
  await button('Send a link to choose one').click()
  await page.getByText('A link is on its way to oauth@example.com.').waitFor()
  await linkTo('oauth@example.com', 'reset-password')
  assert.deepEqual(complaints, [])
})

test('a stranger’s link signs nobody in', async () => {
  await page.goto(`${SERVER_URL}/oauth-callback?state=page-1&code=the-code`)
  await page.getByText('This sign-in was started in another window, or too long ago.').waitFor()
  assert.equal(page.url(), `${SERVER_URL}/sign-in`)
  await page.goto(`${SERVER_URL}/api/oauth2-redirect?state=page-2&code=the-code`)
  await page.getByText('This sign-in was started in another window, or too long ago.').waitFor()
  assert.deepEqual(complaints, [])
})

test('a blocked pop-up leads to the same window', async () => {
  await context.addInitScript(() => {
    window.open = () => null
  })
  await page.goto(SERVER_URL)
  await button('Continue with Acme').click()
  await page.getByRole('link', { name: 'Allow' }).click()
  await signedIn()
  assert.deepEqual(complaints, [])
})
