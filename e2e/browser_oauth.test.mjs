// An assistant asks for access: the page on which a user decides, and what the assistant receives. The assistant is a small
// OAuth client in this file, with a callback on this computer.
import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import { once } from 'node:events'
import { afterEach, beforeEach } from 'node:test'
import { button, complaints, openSettings, page, SERVER_URL, shot, signUp, takeComplaints, test } from './browser.mjs'

/** @type {import('node:http').Server} */
let callback
/** What the callback has received. @type {URLSearchParams[]} */
let received
let redirect = ''

beforeEach(async () => {
  received = []
  callback = createServer((request, response) => {
    const url = new URL(request.url, 'http://127.0.0.1')
    if (url.pathname === '/callback') received.push(url.searchParams)
    response.setHeader('Content-Type', 'text/html')
    response.end(url.pathname === '/frame' ? `<iframe src="${SERVER_URL}/authorize?x"></iframe>` : '<p>Back in the assistant</p>')
  }).listen(0, '127.0.0.1')
  await once(callback, 'listening')
  redirect = `http://127.0.0.1:${callback.address().port}/callback`
})
afterEach(() => callback.close())

const json = async (path, options) => (await fetch(SERVER_URL + path, options)).json()
const form = (path, fields) => fetch(SERVER_URL + path, { method: 'POST', body: new URLSearchParams(fields) })

/** Registers an assistant, and returns a request for access. */
async function ask(name, changes = {}) {
  const resource = await json('/.well-known/oauth-protected-resource/mcp')
  const server = await json('/.well-known/oauth-authorization-server')
  assert.deepEqual(resource.authorization_servers, [server.issuer])
  const client = await (await fetch(server.registration_endpoint, {
    method: 'POST', body: JSON.stringify({ client_name: name, redirect_uris: [redirect] }), headers: { 'Content-Type': 'application/json' },
  })).json()
  const verifier = randomBytes(32).toString('base64url')
  const state = randomBytes(8).toString('hex')
  const parameters = {
    response_type: 'code', client_id: client.client_id, redirect_uri: redirect, state, scope: 'read', resource: resource.resource,
    code_challenge: createHash('sha256').update(verifier).digest('base64url'), code_challenge_method: 'S256', ...changes,
  }
  return { link: `${server.authorization_endpoint}?${new URLSearchParams(parameters)}`, clientID: client.client_id, verifier, state, issuer: server.issuer }
}

const back = () => page.getByText('Back in the assistant').waitFor()

test('a user signs in, allows access, and revokes it', async () => {
  await signUp('oauth@example.com')
  await page.goto(`${SERVER_URL}/favicon.svg`) // a page of the app would still request something
  await page.evaluate(() => localStorage.clear())
  const request = await ask('Robin <b>the</b> assistant')
  await page.goto(request.link)
  await page.getByText('An assistant asks for access to your meetings. Sign in to decide.').waitFor()
  await page.getByLabel('E-mail').fill('oauth@example.com')
  await page.getByLabel('Password').fill('a-good-password')
  await button('Sign in').click()
  await page.getByRole('heading', { name: 'Give an assistant access?' }).waitFor()
  await page.getByText('Robin <b>the</b> assistant').waitFor()
  await page.getByText('a program on the computer in front of you').waitFor()
  await page.getByText('This server has not verified who is asking').waitFor()
  await shot('oauth-consent')
  await page.setViewportSize({ width: 375, height: 800 })
  await shot('oauth-consent-phone')
  await button('Allow').click()
  await back()

  assert.equal(received.length, 1)
  assert.equal(received[0].get('state'), request.state)
  assert.equal(received[0].get('iss'), request.issuer)
  const code = received[0].get('code')
  const exchange = { grant_type: 'authorization_code', code, client_id: request.clientID, redirect_uri: redirect, code_verifier: request.verifier }
  const issued = await (await form('/oauth/token', exchange)).json()
  assert.equal(issued.scope, 'read')
  const status = async (token) => (await fetch(`${SERVER_URL}/api/queue`, { headers: { Authorization: `Bearer ${token}` } })).status
  assert.equal(await status(issued.access_token), 403, 'the token is confined')
  const refresh = (token) => form('/oauth/token', { grant_type: 'refresh_token', refresh_token: token, client_id: request.clientID })
  const renewed = await (await refresh(issued.refresh_token)).json()
  assert.equal(await status(issued.access_token), 401, 'the former token has ended')

  await page.setViewportSize({ width: 1280, height: 800 })
  await page.goto(`${SERVER_URL}/settings/tokens`)
  const row = page.getByRole('listitem').filter({ hasText: 'assistant, 127.0.0.1' })
  await row.getByText('Robin <b>the</b> assistant').waitFor()
  await shot('oauth-settings')
  await row.getByRole('button', { name: /^Revoke/ }).click()
  await page.getByText('The assistant can’t read your meetings any more').waitFor()
  await button('Revoke').click()
  await row.waitFor({ state: 'hidden' })
  assert.equal(await status(renewed.access_token), 401)
  assert.equal((await refresh(renewed.refresh_token)).status, 400)
  await openSettings('Security')
  await page.getByText('Access given to the assistant Robin <b>the</b> assistant (127.0.0.1)').waitFor()
  assert.deepEqual(complaints, [])
})

test('a user denies access', async () => {
  await signUp('denies@example.com')
  const request = await ask('Robin')
  await page.goto(request.link)
  await button('Deny').click()
  await back()
  assert.equal(received[0].get('error'), 'access_denied')
  assert.equal(received[0].get('state'), request.state)
  assert.equal(received[0].has('code'), false)
  await page.goto(`${SERVER_URL}/settings/tokens`)
  await page.getByRole('heading', { name: 'API tokens' }).waitFor()
  assert.equal(await page.getByText('assistant, 127.0.0.1').count(), 0)
  assert.deepEqual(complaints, [])
})

test('a request that can’t be allowed leads nowhere by itself', async () => {
  await signUp('refuses@example.com')
  const foreign = await ask('Robin', { redirect_uri: 'https://evil.example.com/callback' })
  await page.goto(foreign.link)
  await page.getByText('an address that the assistant doesn\'t own').waitFor()
  await shot('oauth-foreign')
  assert.equal(await button('Allow').count(), 0)
  assert.equal(await page.getByRole('button', { name: /Return/ }).count(), 0)
  assert.ok(page.url().startsWith(SERVER_URL))
  assert.equal(takeComplaints('400'), 1)

  const wider = await ask('Robin', { scope: 'read transfer' })
  await page.goto('about:blank')
  await page.goto(wider.link)
  await page.getByText('scope must be read').waitFor()
  assert.equal(received.length, 0, 'only the user returns')
  await page.getByRole('button', { name: /Return to 127.0.0.1/ }).click()
  await back()
  assert.equal(received[0].get('error'), 'invalid_scope')
  assert.equal(takeComplaints('400'), 1)
  assert.deepEqual(complaints, [])
})

test('the page can’t be put into a frame', async () => {
  await page.goto(redirect.replace('/callback', '/frame'))
  await page.waitForFunction(() => document.querySelector('iframe').contentWindow.length === 0)
  assert.equal(await page.frameLocator('iframe').getByText('Sign in').count(), 0)
  assert.ok(takeComplaints('frame') > 0)
})
