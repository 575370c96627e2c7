// Notices to users: the address that they confirm, the mail that they want, the link in it that ends it, and a webhook
// of their own. MAILS_URL returns the mail that the server has sent.
import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { createServer } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import {
  ADMIN_EMAIL, ADMIN_PASSWORD, button, complaints, connected, context, meetingLink, openPage, openSettings, page, preference, SERVER_URL, shot, signUp, signUpAndSync, takeComplaints, test,
} from './browser.mjs'

/** Calls the server's API, as the operator if a token is given. */
async function call(method, path, token, body) {
  const response = await fetch(SERVER_URL + path, {
    method, headers: { 'Content-Type': 'application/json', ...(token && { Authorization: token }) }, body: body && JSON.stringify(body),
  })
  assert.ok(response.ok, `${method} ${path}: ${response.status}`)
  return response.json()
}

const signInAsOperator = async () => (await call('POST', '/api/collections/_superusers/auth-with-password', '', { identity: ADMIN_EMAIL, password: ADMIN_PASSWORD })).token

/** Repeats an action until it returns something. */
async function until(find) {
  for (const end = Date.now() + 60_000; Date.now() < end; await wait(50)) {
    const found = await find()
    if (found) return found
  }
  throw new Error(`nothing was found: ${find}`)
}

/** Waits for a mail that matches a pattern, and returns the match. */
const findInMail = (pattern) => until(async () => {
  const mails = await (await fetch(process.env.MAILS_URL)).json()
  const texts = mails.map((mail) => mail.replace(/=\r?\n/g, '').replaceAll('=3D', '=')) // they are quoted-printable
  return texts.map((text) => pattern.exec(text)).findLast(Boolean)
})

/** Confirms the user's address from the settings, by opening the mailed link in another tab. */
async function confirmAddress(email) {
  await openSettings('Notifications')
  const hint = page.getByText('Your address is not confirmed')
  await hint.waitFor()
  await button('Send me a confirmation link').click()
  await page.getByRole('status').filter({ hasText: 'look in your spam folder' }).waitFor()
  await shot('confirm-address')
  const [link] = await findInMail(/http[^\s"<>]+\/verify-email#[\w.-]+/)
  assert.ok(link.startsWith(`${SERVER_URL}/`), link)
  const other = await context.newPage()
  await other.goto(link)
  await other.getByRole('heading', { name: 'Your address is confirmed' }).waitFor()
  assert.ok(await hint.isVisible(), `nothing has told this tab yet that ${email} is confirmed`)
  await other.close()
  await page.evaluate(() => dispatchEvent(new Event('focus'))) // a browser without a window reports none
  await hint.waitFor({ state: 'hidden' })
  await button('Send me a confirmation link').waitFor({ state: 'hidden' })
}

test('mail is sent until the link in it is used', async () => {
  const email = 'mail@example.com'
  await signUpAndSync(email)
  await confirmAddress(email)
  const operator = await signInAsOperator()
  const [user] = (await call('GET', `/api/collections/users/records?filter=${encodeURIComponent(`email = "${email}"`)}`, operator)).items
  await openPage('Meetings')
  await meetingLink().click()
  await button('Copy').click()
  await page.getByRole('heading', { name: 'Your turn' }).waitFor()

  const jobs = '/api/collections/global_queue/records'
  const job = await until(async () => (await call('GET', `${jobs}?filter=${encodeURIComponent(`kind = "notice.send" && user = "${user.id}" && status = "pending"`)}`, operator)).items[0])
  await call('PATCH', `${jobs}/${job.id}`, operator, { run_at: '2026-01-01 00:00:00.000Z' }) // it waits for other notices
  const { input: mail, 1: link } = await findInMail(/^List-Unsubscribe:\s*<([^>]+)>/m)
  assert.ok(link.startsWith(`${SERVER_URL}/`), link)

  await page.goto(link)
  await page.getByText('Do you want to stop mail about recordings that are ready for Loom?').waitFor()
  await shot('unsubscribe')
  await button('Unsubscribe').click()
  await page.getByRole('status').filter({ hasText: 'You won\'t receive mail about recordings that are ready for Loom any more.' }).waitFor()
  await shot('unsubscribed')

  await page.goto(SERVER_URL)
  await openSettings('Notifications')
  const wanted = page.getByLabel('When it is your turn to upload a recording to Loom')
  const digest = page.getByLabel('Every Monday, a summary of the week')
  await wanted.waitFor()
  await page.waitForFunction(() => !document.querySelector('fieldset:disabled'))
  assert.ok(!await wanted.isChecked(), 'the link has ended this mail')
  assert.ok(await page.getByLabel('When there is a problem, or something stops').isChecked())
  await wanted.check()
  await digest.check() // while the first change may still be on its way
  await until(async () => (await preference('notify'))?.digest)
  assert.deepEqual(await preference('notify'), { failed: true, your_turn: true, digest: true })

  const latest = page.getByRole('listitem').getByRole('link', { name: '“Weekly product sync” is ready' })
  const href = await latest.getAttribute('href')
  assert.ok(mail.includes(href), `the mail doesn't link to ${href}`)
  await latest.click()
  await page.getByRole('heading', { name: 'Your turn' }).waitFor()
  assert.deepEqual(complaints, [])
})

/** Starts a receiver of webhooks, which answers with the status that `statusOf` returns for a path. */
async function startReceiver(statusOf) {
  const messages = []
  const server = createServer(async (request, response) => {
    const body = (await request.toArray()).join('')
    messages.push({ path: request.url, headers: request.headers, body })
    response.writeHead(statusOf(request.url)).end()
  })
  await new Promise((resolve) => { server.listen(0, '127.0.0.1', resolve) })
  return { messages, url: `http://127.0.0.1:${server.address().port}`, stop: () => server.close() }
}

test('a webhook of the user is tested before it is used', async () => {
  let works = false
  const receiver = await startReceiver((path) => (works && path === '/hook' ? 204 : 500))
  await signUp('webhook@example.com')
  await openSettings('Notifications')
  await button('Add: Webhook').click()
  await page.getByLabel('Address').fill(`${receiver.url.replace('//', '//ada:secret@')}/hook`)
  await button('Save').click()
  await page.getByRole('alert').filter({ hasText: 'without a user name and password' }).waitFor()
  assert.equal(takeComplaints('400'), 1)
  const secret = await page.getByLabel('Signing secret').inputValue()
  await page.getByLabel('Address').fill(`${receiver.url}/hook`)
  await button('Save').click()
  await page.getByText('The receiver answered with the status 500 instead of 2xx.').waitFor()
  await page.getByText('Not working').waitFor()
  await shot('webhook-failed')

  works = true
  await button('Change: Webhook').click()
  await page.getByLabel('The weekly summary', { exact: true }).uncheck()
  await button('Save').click()
  await connected().waitFor()
  const { headers, body } = receiver.messages.at(-1)
  assert.equal(JSON.parse(body).type, 'test')
  const mac = createHmac('sha256', Buffer.from(secret.slice('whsec_'.length), 'base64')).update(`${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`)
  assert.equal(headers['webhook-signature'], `v1,${mac.digest('base64')}`)
  assert.ok(!(await page.content()).includes(secret), 'the secret is shown')

  await button('Change: Webhook').click()
  assert.ok(!await page.getByLabel('The weekly summary', { exact: true }).isChecked())
  assert.ok(await page.getByLabel('A copy or an upload fails', { exact: true }).isChecked())
  await page.getByLabel('Address').fill(`${receiver.url}/elsewhere`)
  await button('Save').click()
  await page.getByRole('alert').filter({ hasText: 'The earlier one stays in use.' }).waitFor()
  assert.equal(takeComplaints('400'), 1)
  await shot('webhook-refused')
  await button('Cancel').click()
  await page.getByText(`Sends to ${receiver.url}/hook.`).waitFor()
  await connected().waitFor()

  await button('Remove: Webhook').click()
  await page.getByRole('group', { name: 'Remove: Webhook' }).getByRole('button', { name: 'Remove' }).click()
  await button('Add: Webhook').waitFor()
  receiver.stop()
  assert.deepEqual(complaints, [])
})
