// Loom through Atlassian: from a connection by token or by a sign-in to videos on Loom, and what the page says when that
// isn't possible. Each test has a user with keys of their own at Fathom; all share the account at Atlassian.
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { afterEach } from 'node:test'
import {
  button, complaints, context, openBrowser, openPage, openSettings, page, password, SERVER_URL, shot, signUpAndSync, SIM_URL, simulate, takeComplaints, test,
} from './browser.mjs'

const { ATLASSIAN_EMAIL, ATLASSIAN_TOKEN, ATLASSIAN_KEY, SITE, OTHER_SITE, EMPTY_SITE } = process.env
const normal = { api_tokens_off: false, write_blocked: false, consent_refused: '', consent_error: '', max_videos: 0 }

afterEach(async () => {
  await simulate('PATCH', 'atlassian/behaviour', normal)
  await simulate('DELETE', 'faults')
})

const read = async (path) => (await fetch(`${SIM_URL}/_simulator/${path}`)).json()
const videos = async () => (await read('loom/videos')).videos
const heading = (name) => page.getByRole('heading', { name, exact: true }).waitFor()
const options = (within = page) => within.locator('summary', { hasText: /^Options/ })
const row = (title) => page.locator('.row').filter({ has: page.getByRole('link', { name: title, exact: true }) })
const panel = () => page.getByRole('region', { name: 'Loom', exact: true })
const badge = (name) => panel().getByText(name, { exact: true }).waitFor()

async function openMeeting(title) {
  await openPage('Meetings')
  await page.getByRole('link', { name: title, exact: true }).click()
  await page.getByRole('heading', { name: title, level: 1 }).waitFor()
}

/** Connects by token, or only enters it. */
async function connect({ token = ATLASSIAN_TOKEN, site = SITE } = {}) {
  await openSettings('Loom')
  await button('Connect Loom').click()
  await page.getByLabel('E-mail address at Atlassian').fill(ATLASSIAN_EMAIL)
  await panel().getByRole('textbox', { name: 'API token' }).fill(token)
  await page.getByLabel('Atlassian site (optional)').fill(site)
  await button('Connect').click()
}

/** Takes screenshots as on a phone, light and dark, of a page that must fit. */
async function phoneShots(name) {
  const size = page.viewportSize()
  await page.setViewportSize({ width: 390, height: 844 })
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme })
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 390, 'the page scrolls sideways')
    await shot(`${name}-phone-${colorScheme}`)
  }
  await page.emulateMedia({ colorScheme: 'light' })
  await page.setViewportSize(size)
}

/** Waits until a select has an option, and chooses it. */
const choose = (label, option) => page.getByLabel(label).selectOption(option)

/** Runs an action and waits until the server has saved a preference. */
const savingPreference = (action) => Promise.all([
  page.waitForResponse((response) => response.url().includes('/collections/preferences/records') && response.request().method() !== 'GET' && response.ok()), action(),
])

// This test is the first one, because all share a Loom account: videos of others may be those of its recordings.
test('several transfers have options, and what waited for the user is uploaded', async () => {
  await signUpAndSync('several@example.com')
  const waiting = ['Design critique: empty states', 'Retrospective: sprint 40'] // no other test uploads them to the account
  const bar = page.getByRole('group', { name: 'Selected meetings' })
  const select = (title) => page.getByRole('checkbox', { name: `Select: ${title}`, exact: true }).check()
  for (const title of waiting) await select(title)
  assert.equal(await options(bar).count(), 0, 'there is nothing to choose without a connection')
  await bar.getByRole('button', { name: 'Copy 2 meetings', exact: true }).click()
  for (const title of waiting) await row(title).getByRole('link', { name: 'Upload to Loom' }).waitFor()

  await connect()
  await badge('Connected')
  await openPage('Meetings')
  const before = (await videos()).length
  await select('Sales pipeline review')
  await options(bar).click()
  await shot('loom-selection-options')
  await page.getByLabel('Upload them myself').check()
  assert.equal(await page.getByLabel('Who can watch them at Loom').count(), 0)
  await bar.getByRole('button', { name: 'Copy 1 meeting', exact: true }).click()
  await row('Sales pipeline review').getByRole('link', { name: 'Upload to Loom' }).waitFor()
  assert.equal((await videos()).length, before)
  await select('1:1 Ada and Ben')
  await options(bar).click()
  await choose('Who can watch them at Loom', 'My Loom workspace')
  await choose('Folder at Loom', 'Team meetings')
  await options(bar).click()
  await options(bar).filter({ hasText: 'Options, for my Loom workspace, in the folder “Team meetings”' }).waitFor()
  await bar.getByRole('button', { name: 'Upload 1 to Loom', exact: true }).click()
  await row('1:1 Ada and Ben').getByRole('link', { name: 'Watch on Loom' }).waitFor()
  assert.deepEqual([(await videos()).at(-1).visibility, Boolean((await videos()).at(-1).folder)], ['workspace', true])

  await page.getByLabel('Filter meetings by title').fill('discovery')
  await button('Copy 1 matching meeting').click()
  await page.getByText(/^Upload 1 meeting to Loom\? .*Only you can watch them there\./).waitFor()
  await options(page.locator('.page-head')).click()
  await choose('Who can watch them at Loom', 'Anyone with the link')
  await page.getByText(/^Upload 1 meeting to Loom\? .*Anyone with the link can watch them there\./).waitFor()
  await shot('loom-matching-options')
  await button('Upload 1 to Loom').click()
  await row('Harbour Clinic Group: discovery').getByRole('link', { name: 'Watch on Loom' }).waitFor()
  assert.equal((await videos()).at(-1).visibility, 'public')
  await page.getByLabel('Filter meetings by title').fill('')

  // What waits because there was no connection is uploaded. What the user wants to upload stays.
  await openSettings('Loom')
  await panel().getByText('2 recordings wait for you to upload them to Loom.').waitFor()
  await button('Upload them now').click()
  const confirmation = panel().getByRole('group', { name: 'Upload them now' })
  await confirmation.getByText(/^Upload 2 recordings to Loom\? Only you can watch them there\./).waitFor()
  await options(confirmation).click()
  await choose('Who can watch them at Loom', 'My Loom workspace')
  await confirmation.getByText(/Everyone in your Loom workspace can watch them there\./).waitFor()
  await shot('loom-waiting')
  await phoneShots('loom-waiting')
  await confirmation.getByRole('button', { name: 'Upload', exact: true }).click()
  await panel().getByText('2 copies started.').waitFor()
  await openPage('Meetings')
  for (const title of waiting) await row(title).getByRole('link', { name: 'Watch on Loom' }).waitFor()
  assert.deepEqual((await videos()).slice(-2).map(({ visibility }) => visibility), ['workspace', 'workspace'])
  await row('Sales pipeline review').getByRole('link', { name: 'Upload to Loom' }).waitFor()
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'To upload 1 waiting' }).click()
  await page.getByRole('link', { name: 'Sales pipeline review', exact: true }).waitFor() // which the user wants to upload
  assert.equal(await page.getByText(/^\d+ recordings? waits? for you/).count(), 0)
  await openPage('Meetings')

  // A choice is forgotten with the selection.
  await select('Sprint planning 41')
  await options(bar).click()
  await page.getByLabel('Upload them myself').check()
  await bar.getByRole('button', { name: 'Clear' }).click()
  await select('Sprint planning 41')
  await options(bar).click()
  assert.equal(await page.getByLabel('Upload them myself').isChecked(), false)
  await phoneShots('loom-selection-options')
  assert.deepEqual(complaints, [])
})

test('from a token to videos on Loom', async () => {
  await signUpAndSync('token@example.com')
  await openSettings('Loom')
  await panel().getByText(/^Without a connection, copied videos wait for you\./).waitFor()
  await button('Connect Loom').focus()
  await page.keyboard.press('Enter')
  assert.ok(await page.getByLabel('API token (recommended)').evaluate((radio) => radio === document.activeElement && radio.checked))
  const link = page.getByRole('link', { name: 'Create an API token at Atlassian' })
  assert.equal(await link.getAttribute('href'), 'https://id.atlassian.com/manage-profile/security/api-tokens?autofillToken&expiryDays=max&appId=mcp-v2&selectedScopes=all')
  await page.keyboard.press('ArrowDown')
  await page.getByText('An organization admin creates service accounts').waitFor()
  await page.keyboard.press('ArrowUp')
  await shot('loom-connect')
  await button('Cancel').click()

  await connect({ token: 'a-token-that-was-deleted', site: '' })
  await badge('Not working')
  await panel().getByRole('alert').filter({ hasText: 'connect Loom again' }).getByRole('link', { name: 'Open id.atlassian.com' }).waitFor()
  await shot('loom-reconnect')
  await button('Connect again').click()
  await panel().getByRole('textbox', { name: 'API token' }).fill(ATLASSIAN_TOKEN)
  await button('Connect').click()
  await badge('Site not chosen')
  await shot('loom-choose-site')
  await choose('Atlassian site', EMPTY_SITE)
  await panel().getByText('This Atlassian site has no Loom workspace.').waitFor()
  await choose('Atlassian site', SITE)
  await badge('Connected')
  await panel().getByText('Upload and read videos').waitFor()

  assert.equal(await page.getByLabel('Who can watch them').inputValue(), 'owner')
  await savingPreference(() => choose('Who can watch them', 'My Loom workspace'))
  await savingPreference(() => choose('Folder', 'Team meetings'))
  await shot('loom-connected')

  await openPage('Meetings')
  await button('Upload 24 to Loom').click()
  await page.getByText('Upload 24 meetings to Loom? The videos are copied to your storage here and uploaded to Loom. Everyone in your Loom workspace can watch them there.').waitFor()
  await button('Cancel').click()

  await openMeeting('Weekly product sync')
  await page.getByText(/The video is then uploaded to Loom\. Everyone in your Loom workspace can watch it there\.$/).waitFor()
  await simulate('POST', 'atlassian/faults', { operation: 'upload', hold_after: 9_000_000 })
  await button('Upload to Loom').click()
  await heading('Uploading')
  await page.getByText(/^[1-9]\d?% · /).first().waitFor()
  await shot('loom-uploading')
  await openPage('Meetings')
  await row('Weekly product sync').getByText(/^Uploading \d+%$/).waitFor()
  await simulate('POST', 'release')
  await row('Weekly product sync').getByRole('link', { name: 'Watch on Loom' }).waitFor()
  await openMeeting('Weekly product sync')
  await heading('On Loom')
  const video = (await videos()).at(-1)
  await page.getByRole('link', { name: video.share_url.replace(/^https?:\/\//, '') }).waitFor()
  await page.getByText(/^Delivered .* Everyone in your Loom workspace can watch it there\.$/).waitFor()
  assert.deepEqual([video.visibility, Boolean(video.folder), video.owner], ['workspace', true, ATLASSIAN_EMAIL])
  await shot('loom-delivered')
  assert.deepEqual(complaints, [])
})

/** Waits until a meeting's page says why Loom refused the recording, and offers its file. */
async function refused(sentence) {
  await page.getByRole('status').filter({ hasText: sentence }).waitFor()
  await heading('Your turn')
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: /^Download( again)?$/ }).click()])
  assert.equal((await readFile(await download.path())).subarray(4, 8).toString(), 'ftyp', 'the file is not a video')
}

test('one transfer is uploaded by hand, another after a refusal, and a rule chooses who watches', async () => {
  await signUpAndSync('choice@example.com')
  await connect()
  await badge('Connected')
  const before = (await videos()).length
  await openMeeting('Daily stand-up')
  await button('Upload it myself').click()
  await heading('Your turn')
  assert.equal((await videos()).length, before)
  await page.getByText(/^Or wait: Loom is asked for your new videos/).waitFor()
  await shot('loom-by-hand')
  await button('Upload it for me').click()
  await heading('On Loom')
  await page.getByText(/Only you can watch it there\.$/).first().waitFor()
  assert.equal((await videos()).at(-1).visibility, 'owner')

  // What is chosen for one transfer stays chosen after a refusal.
  await simulate('POST', 'atlassian/faults', { operation: 'createLoomVideoUpload', message: 'Your plan does not include video uploads. Upgrade to Business to upload videos.' })
  await openMeeting('1:1 Ada and Ben')
  await options().click()
  assert.equal(await page.getByLabel('Who can watch it at Loom').inputValue(), 'owner')
  await choose('Who can watch it at Loom', 'Anyone with the link')
  await choose('Folder at Loom', 'Customer calls')
  await page.getByText(/Anyone with the link can watch it there\.$/).waitFor()
  await shot('loom-options')
  await button('Upload to Loom').click()
  await refused('Your Loom plan or role doesn\'t include uploads.')
  await page.getByText('Anyone with the link can watch it there.', { exact: true }).waitFor()
  await shot('loom-refused')
  await options().click()
  await phoneShots('loom-refused')
  await simulate('PATCH', 'atlassian/behaviour', { max_videos: 1 })
  await button('Try the upload again').click()
  await refused('Your Loom account has reached its limit of videos or storage.')
  await simulate('PATCH', 'atlassian/behaviour', normal)
  await button('Try the upload again').click()
  await heading('On Loom')
  assert.equal(await page.getByText('reached its limit').count(), 0)
  assert.deepEqual([(await videos()).at(-1).visibility, Boolean((await videos()).at(-1).folder)], ['public', true])

  await openSettings('Automation')
  await button('Add rule').click()
  await page.getByLabel('Name').fill('External calls')
  await page.getByLabel('Title contains').fill('customer')
  await choose('Who can watch it at Loom', 'Anyone with the link')
  await choose('Folder at Loom', 'Customer calls')
  await choose('What to do', 'Only keep a copy here')
  assert.equal(await page.getByLabel('Folder at Loom').count(), 0)
  await choose('What to do', 'Upload to Loom')
  await choose('Who can watch it at Loom', 'My Loom workspace')
  await choose('Folder at Loom', 'Customer calls')
  await shot('loom-rule')
  await button('Save rule').click()
  const text = page.getByText('Title contains: customer → upload to Loom, for my Loom workspace, in the folder “Customer calls”')
  await text.waitFor()
  await button('Edit: External calls').click()
  assert.equal(await page.getByLabel('Who can watch it at Loom').inputValue(), 'workspace')
  await button('Cancel').click()
  await page.reload()
  await text.waitFor()

  await simulate('POST', 'meetings', { title: 'A new customer' })
  await openPage('Meetings')
  await button('Sync meetings').click()
  await row('A new customer').getByRole('link', { name: 'Watch on Loom' }).waitFor()
  const video = (await videos()).at(-1)
  assert.deepEqual([video.visibility, Boolean(video.folder)], ['workspace', true])

  await openSettings('Loom')
  await button('Disconnect: Loom').click()
  await panel().getByText('Videos that are on Loom are kept.', { exact: false }).waitFor()
  await shot('loom-disconnect')
  await panel().getByRole('group').getByRole('button', { name: 'Disconnect' }).click()
  await button('Connect Loom').waitFor()
  await openMeeting('Sales pipeline review')
  await page.getByText(/You then upload the video to Loom\.$/).waitFor()
  assert.equal(await button('Upload it myself').count(), 0)
  assert.deepEqual(complaints, [])
})

/** Opens Atlassian's page. */
async function openConsent() {
  await openSettings('Loom')
  await button('Connect Loom').click()
  await page.getByLabel('Sign in at Atlassian').check()
  await button('Connect Atlassian').click()
  await page.getByRole('heading', { name: 'Allow access' }).waitFor()
}

/** Presses a button on Atlassian's page, which leads back. */
const answerConsent = (name) => page.getByRole('button', { name, exact: true }).click()

test('signing in at Atlassian', async () => {
  await signUpAndSync('oauth@example.com')
  await openConsent()
  await shot('loom-consent')
  await answerConsent('Cancel')
  await page.getByRole('alert').filter({ hasText: 'Access was declined at Atlassian' }).waitFor()
  await shot('loom-declined')
  assert.equal(page.url(), `${SERVER_URL}/atlassian-callback`)
  await button('Start again').click()
  await page.getByLabel('Site').selectOption({ label: `https://${OTHER_SITE}.atlassian.net` })
  await answerConsent('Accept')
  await page.getByRole('heading', { name: 'Loom', level: 1 }).waitFor()
  await badge('Connected')
  await panel().getByText(OTHER_SITE, { exact: true }).waitFor()
  await panel().getByText('Your sign-in at Atlassian').waitFor()
  await shot('loom-signed-in')
  assert.equal(page.url(), `${SERVER_URL}/settings/loom`)
  assert.equal((await read('atlassian')).stats.grants, 1)
  await openMeeting('Weekly product sync')
  await button('Upload to Loom').click()
  await heading('On Loom')

  await simulate('POST', 'atlassian/end-grants')
  await openSettings('Loom')
  await button('Check again').click()
  await badge('Not working')
  await button('Connect again').click()
  await answerConsent('Accept')
  await badge('Connected')

  // The address can be used once, and says nothing after a reload.
  await page.goto(`${SERVER_URL}/atlassian-callback?code=stolen&state=stolen`)
  await page.getByRole('alert').filter({ hasText: 'expired or was already used' }).waitFor()
  assert.equal(takeComplaints('400'), 1)
  assert.equal(page.url(), `${SERVER_URL}/atlassian-callback`)
  await page.reload()
  await page.getByRole('alert').filter({ hasText: 'There is no sign-in to finish.' }).waitFor()
  await page.goto(`${SERVER_URL}/atlassian-callback?error=access_denied&error_description=Call+this+number`)
  await page.getByRole('alert').filter({ hasText: 'Access was declined' }).waitFor()
  assert.equal(await page.getByText('Call this number').count(), 0, 'a stranger’s text is shown')
  await page.getByRole('link', { name: 'Back to settings' }).click()
  await badge('Connected')
  assert.equal((await read('atlassian')).stats.grants, 1)
  await button('Disconnect: Loom').click()
  await panel().getByRole('group').getByRole('button', { name: 'Disconnect' }).click()
  await button('Connect Loom').waitFor()
  for (let grants = 1; grants; grants = (await read('atlassian')).stats.grants);
  assert.deepEqual(complaints, [])
})

test('refusals at Atlassian’s sign-in are explained, and the next sign-in works', async () => {
  await signUpAndSync('refused@example.com')
  const allow = 'ask an organization admin to allow this server under Atlassian Administration'

  // Atlassian's own page says what is wrong, and doesn't return.
  for (const [text, next] of [['Your admin has blocked this domain: 127.0.0.1', 'Dismiss'], ['invalid_request', 'Sign in again']]) {
    await simulate('PATCH', 'atlassian/behaviour', { consent_refused: text })
    await openConsent()
    await answerConsent('Accept')
    await page.getByRole('alert').filter({ hasText: text }).waitFor()
    await page.goto(`${SERVER_URL}/settings/loom`)
    const explained = panel().getByRole('alert').filter({ hasText: 'The sign-in at Atlassian was not finished' })
    await explained.filter({ hasText: allow }).waitFor()
    if (next === 'Dismiss') await phoneShots('loom-unfinished')
    await button(next).click()
    await explained.waitFor({ state: 'detached' })
  }
  await page.getByRole('heading', { name: 'Allow access' }).waitFor()

  // Atlassian returns with an error.
  await simulate('PATCH', 'atlassian/behaviour', { consent_refused: '', consent_error: 'invalid_request' })
  await answerConsent('Accept')
  await page.getByRole('alert').filter({ hasText: 'Atlassian doesn’t accept this server’s request to sign you in: connect with an API token instead' }).waitFor()
  await simulate('PATCH', 'atlassian/behaviour', { consent_error: 'access_denied: Your admin has blocked this domain: 127.0.0.1' })
  await button('Start again').click()
  await answerConsent('Accept')
  await page.getByRole('alert').filter({ hasText: 'Atlassian doesn’t accept the address of this server' }).filter({ hasText: allow }).waitFor()
  await shot('loom-blocked-domain')
  await phoneShots('loom-blocked-domain')

  // Atlassian accepts, but refuses the code.
  await simulate('PATCH', 'atlassian/behaviour', normal)
  await simulate('POST', 'faults', { method: 'POST', path: '/atlassian-auth/oauth/token', status: 400, content_type: 'application/json', body: '{"error":"invalid_request"}' })
  await button('Start again').click()
  await answerConsent('Accept')
  await page.getByRole('alert').filter({ hasText: 'You can connect with an API token instead.' }).waitFor()
  assert.equal(takeComplaints('400'), 3) // two of them are of Atlassian's page
  await page.getByRole('link', { name: 'Back to settings' }).click()
  await openConsent()
  await answerConsent('Accept')
  await badge('Connected')
  assert.equal(await page.getByText('was not finished').count(), 0)
  assert.deepEqual(complaints, [])
})

test('a session that ends while the user is at Atlassian', async () => {
  await signUpAndSync('ended@example.com')
  await openConsent()
  const other = await context.newPage()
  await other.goto(SERVER_URL)
  await other.getByRole('button', { name: 'Sign out' }).click()
  await other.getByRole('heading', { name: 'Sign in' }).waitFor()
  await other.close()
  await answerConsent('Accept')
  await page.getByText('Sign in to finish connecting Atlassian.').waitFor()
  assert.equal(page.url(), `${SERVER_URL}/atlassian-callback`)
  await shot('loom-sign-in-first')
  await page.getByLabel('E-mail').fill('ended@example.com')
  await page.getByLabel('Password').fill(password)
  await button('Sign in').click()
  await badge('Connected')
  assert.equal(page.url(), `${SERVER_URL}/settings/loom`)
  const seen = await page.evaluate(() => JSON.stringify([document.referrer, { ...sessionStorage }, { ...localStorage }, history.state]))
  assert.doesNotMatch(seen, /code=/)
  assert.deepEqual(complaints, [])
})

test('a connection that only reads finds the link of a manual upload', async () => {
  await context.close()
  await openBrowser({ viewport: { width: 390, height: 844 }, colorScheme: 'dark' })
  await simulate('PATCH', 'atlassian/behaviour', { write_blocked: true })
  await signUpAndSync('reader@example.com')
  await connect()
  await badge('Reading only')
  await panel().getByText('This connection can read your videos at Loom, but not upload.', { exact: false }).waitFor()
  await shot('loom-reading-only-phone-dark')
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 390, 'the page scrolls sideways')
  assert.equal(await page.getByLabel('Who can watch them').count(), 0)
  await openMeeting('Brightwater Logistics: onboarding call')
  await button('Copy').click()
  await heading('Your turn')
  await page.getByText(/^Or wait: Loom is asked for your new videos/).waitFor()
  const [download] = await Promise.all([page.waitForEvent('download'), button('Download').click()])
  const uploaded = await fetch(`${SIM_URL}/_simulator/loom/upload?filename=${encodeURIComponent(download.suggestedFilename())}`, {
    method: 'POST', body: await readFile(await download.path()),
  })
  assert.ok(uploaded.ok)
  await page.getByRole('heading', { name: 'On Loom' }).waitFor({ timeout: 60_000 })
  await shot('loom-found-phone-dark')
  assert.deepEqual(complaints, [])
})

test('a connection that is blocked works after the switch is used', async () => {
  await simulate('PATCH', 'atlassian/behaviour', { api_tokens_off: true })
  await signUpAndSync('blocked@example.com')
  await connect()
  await badge('Not working')
  const notice = panel().getByRole('alert').filter({ hasText: 'allow API tokens under Authentication' })
  await notice.getByRole('link', { name: 'Open admin.atlassian.com' }).waitFor()
  await shot('loom-blocked')
  await openMeeting('Weekly product sync')
  await page.getByText(/You then upload the video to Loom\.$/).waitFor()
  await openSettings('Loom')
  await button('Check again').click()
  await notice.waitFor()
  await simulate('PATCH', 'atlassian/behaviour', normal)
  await button('Check again').click()
  await badge('Connected')

  await button('Change: Loom').click()
  await page.getByLabel('Service-account key').first().check()
  await panel().getByRole('textbox', { name: 'Service-account key' }).fill('a-key-of-nobody')
  await page.getByLabel('Atlassian site (optional)').fill(SITE)
  await button('Connect').click()
  await panel().getByText(/The earlier one stays in use\.$/).waitFor()
  assert.equal(takeComplaints('400'), 1)
  await panel().getByRole('textbox', { name: 'Service-account key' }).fill(ATLASSIAN_KEY)
  await button('Connect').click()
  await badge('Connected')
  await panel().getByText(/^Service-account key •••• /).waitFor()
  await phoneShots('loom-connected')
  await button('Change: Loom').click()
  await phoneShots('loom-change')
  assert.deepEqual(complaints, [])
})
