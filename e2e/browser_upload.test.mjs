// The page "To upload": files are saved in a folder, and pasted links find their meetings. The folder is one of the browser's
// origin-private file system, which is written to as one on the disk is.
import assert from 'node:assert/strict'
import { beforeEach } from 'node:test'
import { button, clients, complaints, context, openPage, page, SERVER_URL, shot, signUpAndSync, SIM_URL, simulate, takeComplaints, test } from './browser.mjs'
import { examine, look, looks, tabTo } from './browser_accessibility.mjs'

const folder = 'for-loom'
const shownLooks = looks.filter(({ size }) => size !== 'tablet')
let picked = 0

beforeEach(async () => {
  picked = 0
  await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: new URL(SERVER_URL).origin })
  await page.exposeFunction('folderPicked', () => { picked++ })
  await page.addInitScript((name) => {
    globalThis.showDirectoryPicker = async () => {
      await globalThis.folderPicked()
      return (await navigator.storage.getDirectory()).getDirectoryHandle(name, { create: true })
    }
  }, folder)
})

const navigation = () => page.getByRole('navigation', { name: 'Main' })
const deskLink = () => navigation().getByRole('link', { name: /^To upload/ })
const files = () => page.locator('.desk-file')
const file = (title) => files().filter({ has: page.getByRole('link', { name: title, exact: true }) })
const saveButton = () => page.getByRole('button', { name: /^Save .*file/ })
const result = () => page.locator('.desk-result h3')
const isFocused = (element) => element.evaluate((node) => node === document.activeElement)

/** Signs up and copies the newest meetings with a video. Returns their transfers. */
async function copyMeetings(email, count) {
  await signUpAndSync(email)
  const { db } = await clients()
  const { items } = await db.collection('meetings').getList(1, count, { sort: '-recorded_at', filter: 'title !~ "Phone call" && title !~ "Budget preparation"' })
  await db.send('/api/transfers', { method: 'POST', body: { recording_ids: items.map(({ recording_id }) => recording_id) } })
  await deskLink().getByText(`${count} waiting`).waitFor()
  const { items: transfers } = await db.collection('transfers').getList(1, count, { expand: 'meeting' })
  return transfers.map(({ expand: { meeting: { title } }, ...transfer }) => ({ ...transfer, title }))
}

async function openDesk(count) {
  await deskLink().click()
  await page.getByRole('heading', { name: 'To upload', level: 1 }).waitFor()
  await files().nth(count - 1).waitFor()
  assert.equal(await files().count(), count)
}

/** The files in the folder, as [name, size]. */
const savedFiles = () => page.evaluate(async (name) => {
  const found = []
  const directory = await (await navigator.storage.getDirectory()).getDirectoryHandle(name, { create: true })
  for await (const handle of directory.values()) found.push([handle.name, (await handle.getFile()).size])
  return found.sort()
}, folder)

/** Uploads a file of the folder at Loom, as its user does, and returns the video. */
async function uploadToLoom(name) {
  const content = await page.evaluate(async ([from, wanted]) => {
    const directory = await (await navigator.storage.getDirectory()).getDirectoryHandle(from)
    const bytes = new Uint8Array(await (await (await directory.getFileHandle(wanted)).getFile()).arrayBuffer())
    let text = ''
    for (const byte of bytes) text += String.fromCharCode(byte)
    return btoa(text)
  }, [folder, name])
  const response = await fetch(`${SIM_URL}/_simulator/loom/upload?filename=${encodeURIComponent(name)}`, { method: 'POST', body: Buffer.from(content, 'base64') })
  assert.ok(response.ok)
  return response.json()
}

/** Presses Ctrl+V with a text on the clipboard. */
async function paste(text) {
  await page.evaluate((copied) => navigator.clipboard.writeText(copied), text)
  await page.keyboard.press('Control+V')
}

const saveAll = async (count) => {
  await saveButton().click()
  await page.getByText(`All ${count} files saved.`).waitFor()
}

test('n meetings get to Loom with 6 + 2n actions', async () => {
  const transfers = await copyMeetings('desk@example.com', 4)
  let actions = 0
  const act = async (action) => {
    actions++
    return action()
  }

  await act(() => openDesk(4))
  await page.getByText(/holds 25 videos of up to 5 minutes each\./).waitFor()
  await shot('upload')
  await act(() => saveAll(4))
  actions += picked // the folder
  assert.equal(picked, 1)
  assert.deepEqual(await savedFiles(), transfers.map(({ file_name, bytes_total }) => [file_name, bytes_total]).sort())
  for (const { title, file_name } of transfers) {
    await file(title).getByText('Saved', { exact: true }).waitFor()
    await file(title).getByText(file_name, { exact: true }).waitFor()
  }
  await page.reload()
  await page.getByText('All 4 files saved.').waitFor()

  const [popup] = await act(() => Promise.all([context.waitForEvent('page'), page.getByRole('link', { name: 'Open Loom' }).click()]))
  assert.equal(popup.url().split('#')[0], `${SIM_URL}/looms/videos`)
  await popup.close()
  await page.getByRole('heading', { name: 'To upload', level: 1 }).click() // no field has the focus
  for (const [index, { file_name }] of transfers.entries()) {
    const { share_url } = await uploadToLoom(file_name)
    await act(async () => {}) // "Copy link" at Loom
    await act(() => paste(share_url))
    await result().filter({ hasText: new RegExp(`^${index + 1} delivered$`) }).waitFor()
    assert.ok(await isFocused(result()), 'the focus is at the result')
  }
  await shot('upload-delivered')
  await act(() => page.getByRole('button', { name: /^Delete the 4 copies here \(.*\)$/ }).click())
  await act(() => button('Delete').click())
  await page.getByRole('status').getByText('The copies here were deleted.').waitFor()
  assert.notEqual(await page.evaluate(() => document.activeElement?.localName), 'body')
  assert.equal(actions, 6 + 2 * 4)

  const { db } = await clients()
  assert.deepEqual((await db.collection('transfers').getFullList()).map(({ status, verified }) => [status, verified]), Array(4).fill(['delivered', true]))
  assert.equal((await db.collection('recordings').getFullList()).filter((recording) => recording.file).length, 0)
  assert.equal(await navigation().getByText(/waiting/).count(), 0)
  await page.reload()
  await page.getByRole('heading', { name: 'Nothing to upload' }).waitFor()
  assert.deepEqual(complaints, [])
})

test('links in any order find their meetings, and doubtful ones are shown beside them', async () => {
  const transfers = await copyMeetings('links@example.com', 4)
  await openDesk(4)
  await saveAll(4)
  const videos = []
  for (const { file_name } of transfers) videos.push(await uploadToLoom(file_name))
  await simulate('PATCH', `loom/videos/${videos[1].id}`, { title: 'Something else', private: false })
  await simulate('PATCH', `loom/videos/${videos[2].id}`, { private: true })

  await page.getByLabel('Loom links (any number, in any order)').focus()
  await paste('hello')
  const error = page.getByText(`That isn't a link to a Loom video. It looks like ${SIM_URL}/share/1a2b… and comes from “Copy link” at Loom.`, { exact: true })
  await error.waitFor()
  assert.equal(takeComplaints('400'), 1)
  assert.ok(await isFocused(page.getByLabel('Loom links (any number, in any order)')))
  assert.equal(await page.evaluate(() => getSelection()?.toString()), 'hello', 'the next paste replaces it')
  await shot('upload-no-link')

  await paste(`Look: ${videos[2].share_url}\nhttps://example.com/video ${videos[1].share_url}, ${videos[0].share_url}`)
  await result().filter({ hasText: /^1 delivered, 3 to look at$/ }).waitFor()
  assert.ok(await isFocused(result()))
  assert.equal(await page.getByLabel('Loom links (any number, in any order)').inputValue(), '')
  await file(transfers[0].title).getByText('On Loom', { exact: true }).waitFor()
  const open = (url) => page.locator('.open-link').filter({ hasText: url })
  await open('https://example.com/video').getByText(/^That isn't a link to a Loom video\./).waitFor()
  await open(videos[1].share_url).getByText(/^Something else · /).waitFor()
  await open(videos[1].share_url).getByText(/ · only the length agrees$/).first().waitFor()
  await shot('upload-doubtful')

  await open('https://example.com/video').getByRole('button', { name: 'Remove this link' }).click()
  await open(videos[1].share_url).getByRole('button', { name: `It’s this one: ${transfers[1].title}` }).click()
  await result().filter({ hasText: /^2 delivered, 1 to look at$/ }).waitFor()
  assert.notEqual(await page.evaluate(() => document.activeElement?.localName), 'body')
  await open(videos[2].share_url).getByText(/shows no public video at this link/).waitFor()
  const option = await open(videos[2].share_url).getByRole('option').filter({ hasText: transfers[2].title }).getAttribute('value')
  await open(videos[2].share_url).getByLabel('Its meeting').selectOption(option)
  await open(videos[2].share_url).getByRole('button', { name: 'Save without a check' }).click()
  await result().filter({ hasText: /^3 delivered$/ }).waitFor()

  const { db } = await clients()
  const saved = Object.fromEntries((await db.collection('transfers').getFullList()).map(({ id, share_url }) => [id, share_url]))
  assert.deepEqual(transfers.map(({ id }) => saved[id]), [...videos.slice(0, 3).map(({ share_url }) => share_url), ''])
  await deskLink().getByText('1 waiting').waitFor()
  assert.deepEqual(complaints, [])
})

test('saving goes on after a failure, can be cancelled, and fetches nothing twice', async () => {
  const transfers = await copyMeetings('folder@example.com', 3)
  await openDesk(3)
  const isFile = (url) => url.pathname.includes('/api/files/') && !url.pathname.endsWith('/token')
  let fetched = 0
  let answer = (/** @type {import('playwright-core').Route} */ route) => (fetched++ < 1 ? route.continue() : route.abort())
  await page.route(isFile, (route) => answer(route))
  await saveButton().click()
  await page.getByText(/^The connection to the server was lost\./).waitFor()
  await page.getByText('1 of 3 files saved.').waitFor()
  assert.equal((await savedFiles()).length, 1, 'what is incomplete is removed')
  assert.ok(takeComplaints('net::ERR_FAILED') > 0)

  const held = new Promise((resolve) => { answer = resolve })
  await page.getByRole('button', { name: /^Save the other 2 files/ }).click()
  await held
  await shot('upload-saving')
  await button('Cancel').click()
  await button('Choose another folder').waitFor()
  assert.notEqual(await page.evaluate(() => document.activeElement?.localName), 'body')
  assert.equal((await savedFiles()).length, 1)

  await page.evaluate(async ([name, wanted]) => { // a file of the user's own
    const directory = await (await navigator.storage.getDirectory()).getDirectoryHandle(name)
    const target = await (await directory.getFileHandle(wanted, { create: true })).createWritable()
    await target.write('mine')
    await target.close()
  }, [folder, (await files().nth(2).locator('.file-name').innerText())])
  fetched = 0
  answer = (route) => {
    fetched++
    return route.continue()
  }
  await page.getByRole('button', { name: /^Save the other 2 files/ }).click()
  await files().nth(2).getByText(/^Another file named .* is in this folder\./).waitFor()
  await page.getByText('2 of 3 files saved.').waitFor()
  assert.deepEqual([fetched, picked], [1, 1], 'only what was missing, into the same folder')
  assert.ok((await savedFiles()).some(([, size]) => size === 4), 'the file of the user is kept')

  await page.evaluate(async ([name, wanted]) => (await (await navigator.storage.getDirectory()).getDirectoryHandle(name)).removeEntry(wanted), [folder, await files().nth(2).locator('.file-name').innerText()])
  await page.evaluate(() => { for (const key of Object.keys(localStorage)) if (key.startsWith('saved-files_')) localStorage.removeItem(key) })
  await page.reload()
  fetched = 0
  await saveAll(3)
  assert.equal(fetched, 1, 'files that are there with their size are not fetched')
  assert.deepEqual(await savedFiles(), transfers.map(({ file_name, bytes_total }) => [file_name, bytes_total]).sort())
  assert.deepEqual(complaints, [])
})

test('a browser that can’t write into folders downloads the files, and nothing says that they are finished', async () => {
  await page.addInitScript(() => { delete globalThis.showDirectoryPicker })
  const transfers = await copyMeetings('downloads@example.com', 3)
  await openDesk(3)
  /** @type {string[]} */
  const names = []
  page.on('download', (download) => names.push(download.suggestedFilename()))
  await page.getByRole('button', { name: /^Download 3 files \(/ }).click()
  await page.locator('.desk-file button[aria-disabled]').waitFor() // one file can't be downloaded again while others are
  await page.getByText('3 of 3 downloads started. Your browser shows when they have finished.').waitFor()
  await file(transfers[0].title).getByText('Download started').waitFor()
  await page.getByRole('status').getByText('All downloads have started.').waitFor()
  assert.deepEqual(names.sort(), transfers.map(({ file_name }) => file_name).sort())
  await page.reload()
  await file(transfers[1].title).getByText('Download started').waitFor()
  const [again] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: `Download again: ${transfers[1].title}` }).click()])
  assert.equal(again.suggestedFilename(), transfers[1].file_name)
  await shot('upload-downloads')
  assert.deepEqual(complaints, [])
})

test('with a connection to Loom there is nothing to paste', async () => {
  await copyMeetings('connected@example.com', 2)
  const withAbilities = async (abilities) => {
    await page.unrouteAll()
    await page.route(/\/collections\/connections\/records/, async (route) => {
      const response = await route.fetch()
      const { items, ...list } = await response.json()
      const loom = { id: 'loomconnection1', collectionName: 'connections', provider: 'loom', status: 'valid', abilities, settings: {}, details: { state: 'ready' } }
      await route.fulfill({ response, json: { ...list, items: [...items, loom] } })
    })
    await page.reload()
  }
  await withAbilities(['read'])
  await openDesk(2)
  await page.getByRole('heading', { name: 'Nothing to paste' }).waitFor()
  assert.equal(await page.getByRole('textbox').count(), 0)
  await saveAll(2)
  await page.getByRole('link', { name: 'Open Loom' }).waitFor()
  await shot('upload-reading')

  await withAbilities(['upload', 'read'])
  await button('Upload them now').waitFor()
  await page.getByText('2 recordings wait for you to upload them to Loom.').waitFor()
  assert.equal(await page.getByRole('textbox').count() + await saveButton().count(), 0)
  await shot('upload-connected')
  await openPage('Activity')
  await deskLink().getByText('2 waiting').waitFor()
  const { db } = await clients()
  for (const { id } of await db.collection('meetings').getFullList()) await db.collection('meetings').delete(id)
  await deskLink().waitFor({ state: 'detached' })
  assert.deepEqual(complaints, [])
})

test('the desk works by keyboard alone, on a phone and a desktop, light and dark', async () => {
  const transfers = await copyMeetings('keyboard@example.com', 3)
  const problems = []
  for (const each of shownLooks) {
    await look(each)
    await page.goto(`${SERVER_URL}/upload`)
    await files().nth(2).waitFor()
    problems.push(...(await examine(`upload, ${each.size}, ${each.scheme}`)).found)
    await shot(`upload-${each.size}-${each.scheme}`)
  }
  await look({ size: 'desktop', scheme: 'light' })
  await tabTo(saveButton())
  await page.keyboard.press('Enter')
  await page.getByText('All 3 files saved.').waitFor()
  assert.ok(await isFocused(saveButton()), 'the button keeps the focus')
  const videos = []
  for (const { file_name } of transfers) videos.push(await uploadToLoom(file_name))
  await simulate('PATCH', `loom/videos/${videos[1].id}`, { title: 'Something else', private: false })
  await tabTo(page.getByLabel('Loom links (any number, in any order)'))
  await page.keyboard.insertText(`${videos[1].share_url} ${videos[2].share_url} https://example.com/`)
  await tabTo(button('Find their meetings'))
  await page.keyboard.press('Enter')
  await result().filter({ hasText: /^1 delivered, 2 to look at$/ }).waitFor()
  assert.ok(await isFocused(result()))
  for (const each of shownLooks) {
    await look(each)
    problems.push(...(await examine(`links, ${each.size}, ${each.scheme}`)).found)
    await shot(`upload-links-${each.size}-${each.scheme}`)
  }
  await tabTo(page.getByRole('button', { name: `It’s this one: ${transfers[1].title}` }))
  await page.keyboard.press('Enter')
  await result().filter({ hasText: /^2 delivered, 1 to look at$/ }).waitFor()
  assert.notEqual(await page.evaluate(() => document.activeElement?.localName), 'body')
  assert.deepEqual(problems, [])
  assert.deepEqual(complaints, [])
})
