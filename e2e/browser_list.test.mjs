// The library: many meetings, of which only those near the screen are loaded and rendered.
import assert from 'node:assert/strict'
import { examine, look } from './browser_accessibility.mjs'
import { artifacts, button, clients, complaints, page, password, SERVER_URL, signUpAndSync, simulate, takeComplaints, test } from './browser.mjs'

const total = Number(process.env.MEETINGS)
const count = total.toLocaleString('en')
const titleFilter = () => page.getByLabel('Filter meetings by title')
const chip = (name) => page.getByRole('navigation', { name: 'States' }).getByRole('link', { name: new RegExp(`^${name} `) })
const bar = () => page.getByRole('group', { name: 'Selected meetings' })
const focusedRow = () => page.evaluate(() => Number(document.activeElement?.closest('[data-index]')?.dataset.index ?? -1))
const rowAt = (index) => page.locator(`[data-index="${index}"]`)

/** A picture of the screen: that of the whole page would be too high. */
const picture = (name) => page.screenshot({ path: `${artifacts}${name}.png` })

let isSynced = false

/** Opens the library. Only the first test waits for a sync of all its meetings. */
async function openLibrary() {
  if (isSynced) {
    await page.goto(SERVER_URL)
    await page.getByLabel('E-mail').fill('library@example.com')
    await page.getByLabel('Password').fill(password)
    await button('Sign in').click()
  } else {
    page.setDefaultTimeout(600_000) // of the sync
    await signUpAndSync('library@example.com')
    page.setDefaultTimeout(60_000)
    isSynced = true
    await page.reload() // the first steps are still shown
  }
  await allMeetings().waitFor()
  await waitForRows()
}

const allMeetings = () => page.getByText(`${count} meetings`, { exact: true })

/** Waits until the meetings on the screen are loaded. */
const waitForRows = () => page.waitForFunction(() => document.querySelector('.library:not([aria-busy]) [data-index]') && ![...document.querySelectorAll('.row.pending')].some((row) => {
  const { top, bottom } = row.getBoundingClientRect()
  return bottom > 0 && top < innerHeight
}))

/** Scrolls to a part of the page, from 0 to 1, and waits for its meetings. */
async function scrollTo(part) {
  await page.evaluate((to) => scrollTo(0, (document.documentElement.scrollHeight - innerHeight) * to), part)
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))))
  await waitForRows()
}

test('a large library is shown in part, from the newest to the oldest', async () => {
  await openLibrary()
  const read = []
  page.on('response', (response) => response.url().includes('/db/') && read.push(response))
  await page.reload()
  await allMeetings().waitFor()
  await waitForRows()
  await page.waitForLoadState('networkidle').catch(() => {})
  const bytes = (await Promise.all(read.filter((response) => response.request().resourceType() === 'fetch').map((response) => response.body().catch(() => ''))))
    .reduce((sum, body) => sum + body.length, 0)
  assert.ok(bytes > 10_000 && bytes < 100_000, `opening the app reads ${bytes} bytes of the user's database`)

  const seen = []
  for (const part of [0, 0.2, 0.5, 0.8, 1]) {
    await scrollTo(part)
    assert.ok(await page.locator('*').count() <= 500, `${await page.locator('*').count()} elements`)
    const times = await page.locator('[data-index]').evaluateAll((rows) => rows.map((row) => Number(row.dataset.index)))
    seen.push(Math.max(...times))
    assert.equal(await page.locator('.library .month h2').first().isVisible(), true)
  }
  assert.equal(seen.at(-1), total - 1, 'the oldest meeting is the last one')
  assert.deepEqual(seen.toSorted((a, b) => a - b), seen)
  await picture('library-end')
  assert.deepEqual(complaints, [])
})

test('the filters are in the address, and the Back button undoes them', async () => {
  await openLibrary()
  assert.match(await chip('All').innerText(), new RegExp(`All\\s+${count}`))
  await titleFilter().fill('Weekly product sync')
  await allMeetings().waitFor({ state: 'detached' })
  await page.waitForURL(/\?title=Weekly\+product\+sync$/)
  await chip('At Fathom').click()
  await page.waitForURL(/state=at_fathom/)
  await page.getByLabel('Sort').selectOption('oldest')
  await page.waitForURL(/sort=oldest/)
  await waitForRows()
  const first = await rowAt(0).locator('.row-title').getAttribute('href')
  await page.reload()
  await waitForRows()
  assert.equal(await rowAt(0).locator('.row-title').getAttribute('href'), first)
  assert.equal(await titleFilter().inputValue(), 'Weekly product sync')
  assert.equal(await chip('At Fathom').getAttribute('aria-current'), 'true')
  await page.goBack()
  await page.waitForURL((url) => !url.search.includes('sort='))
  await page.goBack()
  await page.waitForURL((url) => !url.search.includes('state='))
  assert.equal(await chip('All').getAttribute('aria-current'), 'true')
  await chip('On Loom').click()
  await page.getByRole('heading', { name: 'No matches' }).waitFor()
  await page.getByRole('link', { name: 'Show all meetings' }).click()
  await allMeetings().waitFor()

  // A server that is busy is asked again.
  const refused = []
  await page.route('**/api/library?*', (route) => {
    if (refused.length === 3) return route.continue()
    refused.push(route.request().url())
    return route.fulfill({ status: 429, json: { status: 429, message: 'Too many requests.', data: {} } })
  })
  await page.reload()
  await allMeetings().waitFor()
  assert.equal(await page.getByRole('alert').count(), 0)
  assert.equal(takeComplaints('429'), 3)
  assert.deepEqual(complaints, [])
})

test('ranges and all that match are selected, also where nothing is loaded', async () => {
  await openLibrary()
  await rowAt(2).getByRole('checkbox').click()
  await scrollTo(1)
  await rowAt(total - 1).getByRole('checkbox').click({ modifiers: ['Shift'] })
  await bar().getByText(`${(total - 2).toLocaleString('en')} selected`).waitFor()
  await button('Clear').click()
  await bar().getByText('selected').waitFor({ state: 'detached' })
  await bar().getByLabel(`Select all ${count} meetings`).check()
  await scrollTo(1)
  await rowAt(total - 1).getByRole('checkbox').uncheck()
  await bar().getByText(`${(total - 1).toLocaleString('en')} selected`).waitFor()
  const [request] = await Promise.all([
    page.waitForRequest((sent) => sent.url().endsWith('/api/bundles')), page.waitForEvent('download').then((download) => download.cancel()),
    bar().getByRole('button', { name: 'Download as files' }).click(),
  ])
  assert.deepEqual([request.postDataJSON().library, request.postDataJSON().except.length], [{}, 1])
  assert.deepEqual(complaints, [])
})

test('the library is used with keys', async () => {
  await openLibrary()
  await page.keyboard.press('j')
  await page.waitForFunction(() => document.activeElement?.matches('.row-title'))
  const start = await focusedRow()
  for (let press = 1; press <= 30; press++) {
    await page.keyboard.press(press % 2 ? 'j' : 'ArrowDown')
    await page.waitForFunction((index) => document.activeElement?.closest('[data-index]')?.dataset.index === String(index), start + press)
  }
  await page.keyboard.press('k')
  await page.waitForFunction((index) => document.activeElement?.closest('[data-index]')?.dataset.index === String(index), start + 29)
  await page.keyboard.press('x')
  await bar().getByText('1 selected').waitFor()
  await scrollTo(0.5)
  assert.equal(await focusedRow(), start + 29, 'a row with the focus stays')
  await page.keyboard.press('k')
  await page.waitForFunction((index) => document.activeElement?.closest('[data-index]')?.dataset.index === String(index), start + 28)
  assert.ok(await page.evaluate(() => {
    const { top, bottom } = document.activeElement.getBoundingClientRect()
    return top >= 0 && bottom <= innerHeight
  }), 'the row is on the screen')

  await page.keyboard.press('?')
  await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  await page.keyboard.press('/')
  await page.waitForFunction(() => document.activeElement?.id === 'title-filter')
  await page.keyboard.type('j?x')
  assert.equal(await titleFilter().inputValue(), 'j?x', 'keys are text where text is entered')
  await titleFilter().fill('')
  await allMeetings().waitFor()

  await page.keyboard.press('Control+k')
  const palette = page.getByRole('dialog', { name: 'Go to' })
  await palette.getByRole('combobox').fill('storage')
  await palette.getByRole('option', { name: 'Settings: Storage' }).waitFor()
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Storage', level: 1 }).waitFor()
  await page.keyboard.press('Control+k')
  await palette.getByRole('combobox').fill('Weekly product sync')
  await palette.getByRole('option', { name: /^Weekly product sync/ }).first().waitFor()
  await page.keyboard.press('ArrowUp')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Weekly product sync', level: 1 }).waitFor()
  assert.deepEqual(complaints, [])
})

test('the library and its dialogs are accessible on every screen', async () => {
  await openLibrary()
  const problems = []
  for (const current of [{ size: 'desktop', scheme: 'light' }, { size: 'desktop', scheme: 'dark' }, { size: 'phone', scheme: 'light' }, { size: 'phone', scheme: 'dark' }]) {
    await look(current)
    await page.goto(`${SERVER_URL}/?type=external&from=2020-01-01`)
    await page.getByText('Filters (2)').waitFor()
    problems.push(...(await examine(`filters ${current.size} ${current.scheme}`)).found)
    await page.goto(`${SERVER_URL}/?view=grid`)
    await waitForRows()
    await rowAt(0).getByRole('checkbox').check()
    problems.push(...(await examine(`grid ${current.size} ${current.scheme}`)).found)
    await picture(`library-grid-${current.size}-${current.scheme}`)
    await page.keyboard.press('Control+k')
    await page.getByRole('dialog', { name: 'Go to' }).waitFor()
    problems.push(...(await examine(`palette ${current.size} ${current.scheme}`)).found)
    await page.keyboard.press('Escape')
    await page.keyboard.press('?')
    await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor()
    problems.push(...(await examine(`shortcuts ${current.size} ${current.scheme}`)).found)
    await page.keyboard.press('Escape')
  }
  assert.deepEqual(problems, [])
  assert.deepEqual(complaints, [])
})

test('nothing happens to the meetings of another filter, and the selection bar keeps the place', async () => {
  await openLibrary()
  await scrollTo(0.5)
  const place = await page.evaluate(() => scrollY)
  const visible = await page.evaluate(() => Number([...document.querySelectorAll('[data-index]')].find((row) => row.getBoundingClientRect().top > 200).dataset.index))
  await rowAt(visible).getByRole('checkbox').click()
  await bar().getByText('1 selected').waitFor()
  await button('Clear').focus()
  await page.keyboard.press('Enter')
  await bar().getByText('1 selected').waitFor({ state: 'detached' })
  await page.waitForFunction(() => document.activeElement?.matches('.selection > label input'))
  assert.ok(Math.abs(await page.evaluate(() => scrollY) - place) < 100, 'the page jumps')

  await scrollTo(0)
  await page.route('**/api/library?*', (route) => route.fulfill({ status: 400, json: { status: 400, message: 'This is a test.', data: {} } }))
  await chip('At Fathom').click()
  await page.getByRole('alert').getByText('This is a test.').waitFor()
  const check = await rowAt(0).locator('input').boundingBox()
  await page.mouse.click(check.x + check.width / 2, check.y + check.height / 2)
  assert.deepEqual([await rowAt(0).locator('input').isChecked(), await bar().getByText('selected').count()], [false, 0])
  assert.equal(await page.getByRole('button', { name: /^Copy .* matching/ }).count(), 0)
  await picture('library-failed')
  await page.unroute('**/api/library?*')
  await button('Try again').click()
  await page.getByRole('button', { name: /^Copy .* matching/ }).waitFor()
  await rowAt(0).getByRole('checkbox').click()
  await bar().getByText('1 selected').waitFor()
  takeComplaints('400')

  // What a copy of all that match did is said although nothing matches any more.
  const { db } = await clients()
  const [{ recorded_at: at }] = (await db.collection('meetings').getList(1, 1, { sort: 'recorded_at' })).items
  const day = at.slice(0, 10)
  await page.goto(`${SERVER_URL}/?state=at_fathom&to=${day}`)
  await page.getByRole('button', { name: /^Copy .* matching/ }).click()
  await page.locator('.confirm .button.primary').click()
  await page.getByRole('heading', { name: 'No matches' }).waitFor()
  const result = page.getByText(/cop(y|ies) started/)
  await result.waitFor()
  await page.getByRole('link', { name: 'Show all meetings' }).click()
  await allMeetings().waitFor()
  await waitForRows()
  await scrollTo(0.5)
  assert.ok((await result.boundingBox()).y >= 0, 'the result is not on the screen')
  await picture('library-copied')
  await scrollTo(0)
  await rowAt(0).getByRole('checkbox').click()
  await result.waitFor({ state: 'detached' })
  await button('Clear').click()
  await bar().getByText('1 selected').waitFor({ state: 'detached' })
  assert.equal(await result.count(), 0, 'an old result')
  assert.deepEqual(complaints, [])
})

test('the meetings on the screen stay where they are when others are added above', async () => {
  await openLibrary()
  await scrollTo(0.5)
  const middle = await page.evaluate(() => [...document.querySelectorAll('[data-index]')].map((row) => ({
    title: row.querySelector('.row-title').getAttribute('href'), top: row.getBoundingClientRect().top,
  })).find(({ top }) => top > 200))
  await simulate('POST', 'meetings', { title: 'The latest meeting' })
  const { pb } = await clients()
  await pb.collection('global_queue').create({ kind: 'fathom.sync', payload: {} })
  await page.waitForFunction((expected) => document.querySelector('.chips .count')?.textContent === expected, (total + 1).toLocaleString('en'))
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))))
  const top = await page.locator(`.row-title[href="${middle.title}"]`).evaluate((link) => link.closest('[data-index]').getBoundingClientRect().top)
  assert.ok(Math.abs(top - middle.top) < 1, `moved from ${middle.top} to ${top}`)
  await page.getByRole('link', { name: 'The latest meeting', exact: true }).waitFor({ state: 'detached' })

  await scrollTo(0)
  const link = rowAt(1).locator('.row-title')
  await link.focus()
  const focused = await link.getAttribute('href')
  await simulate('POST', 'meetings', { title: 'An even later meeting' })
  await pb.collection('global_queue').create({ kind: 'fathom.sync', payload: {} })
  await page.waitForFunction((expected) => document.querySelector('.chips .count')?.textContent === expected, (total + 2).toLocaleString('en'))
  await page.keyboard.press('x')
  await bar().getByText('1 selected').waitFor()
  const selected = await page.locator('[data-index]:has(.row-check input:checked) .row-title').getAttribute('href')
  assert.equal(selected, focused, 'another meeting than the one with the focus is selected')
  assert.deepEqual(complaints, [])
})
