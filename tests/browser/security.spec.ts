// What a browser must not be talked into. Violations of the content security policy fail every test of this folder.
import { acceptNotice, act, readAll, roomOf, sayFile } from './support/court'
import { photo } from './support/media'
import { SALE, judge, lender, plaintiffAgent } from './support/people'
import { expect, test } from './support/test'

test('sr31_words_that_look_like_markup_stay_words', async ({ as }) => {
  const author = await as(plaintiffAgent)
  const { id } = await roomOf(author, SALE)
  const nasty = [
    '<script>window.pwned = 1</script>',
    '<img src=x onerror="window.pwned = 1">',
    '<svg/onload=window.pwned=1>',
    '[点我](javascript:window.pwned=1)',
    '{{ constructor.constructor("window.pwned = 1")() }}',
    '正常\u202E反过来\u202C结束',
  ]
  const reader = await as(judge)
  await author.goto(`/rooms/${id}`)
  await reader.goto(`/rooms/${id}`)
  for (const text of nasty) {
    await author.getByRole('textbox', { name: '输入消息' }).fill(text)
    await author.getByRole('button', { name: '发送', exact: true }).click()
  }
  await readAll(reader, id)
  await reader.reload()
  for (const page of [author, reader]) {
    const bubbles = page.locator('article .bubble')
    await expect(bubbles.last()).toContainText('结束')
    const shown = (await bubbles.allInnerTexts()).slice(-4)
    expect(shown.slice(0, 3)).toEqual(nasty.slice(2, 5))
    // What turns the direction around ends with its own message.
    expect(await bubbles.last().evaluate((one) => ['isolate', 'isolate-override', 'plaintext'].includes(getComputedStyle(one).unicodeBidi))).toBe(true)
    expect(await page.evaluate(() => 'pwned' in window)).toBe(false)
    expect(await page.locator('article script, article svg[onload], article img[onerror], article a[href^=javascript]').count()).toBe(0)
  }
  // The last sentence stands in the lists of rooms, too.
  await reader.goto('/messages')
  await expect(reader.getByText(SALE).first()).toBeVisible()
  expect(await reader.evaluate(() => 'pwned' in window)).toBe(false)
})

test('sr07_the_room_of_others_is_a_page_that_does_not_exist', async ({ as }) => {
  const insider = await as(plaintiffAgent)
  const { id, case: kase } = await roomOf(insider, SALE)
  const outsider = await as(lender)
  for (const path of [`/rooms/${id}`, `/cases/${kase.id}`, `/cases/${kase.id}/schedule`, '/rooms/00000000-0000-4000-8000-000000000000', '/rooms/nonsense']) {
    await outsider.goto(path)
    await expect(outsider.getByText(/没有找到|页面不存在/).first(), path).toBeVisible()
    await expect(outsider.getByText('10241')).toHaveCount(0)
  }
})

test('sr28_files_come_from_another_host_without_cookies', async ({ as }) => {
  const page = await as(plaintiffAgent)
  const { id } = await roomOf(page, SALE)
  const picture = photo('跨域照片.jpg', 1200, 1600)
  await acceptNotice(page, id)
  await sayFile(page, id, 'speech.photo', picture)
  await readAll(page, id)
  const asked: { host: string; cookie: string | undefined }[] = []
  page.on('request', (request) => {
    const url = new URL(request.url())
    if (url.pathname.startsWith('/files/')) void request.allHeaders().then((headers) => asked.push({ host: url.hostname, cookie: headers['cookie'] }))
  })
  await page.goto(`/rooms/${id}`)
  await page.getByRole('button', { name: `查看照片，${picture.name}` }).click()
  await expect(page.locator('.pswp img').first()).toBeVisible()
  await expect.poll(() => asked.length).toBeGreaterThan(0)
  for (const one of asked) expect(one).toEqual({ host: 'localhost', cookie: undefined })
})

test('sr24_another_page_cannot_write_in_a_persons_name', async ({ as }) => {
  const page = await as(plaintiffAgent)
  const { id } = await roomOf(page, SALE)
  const response = await page.request.post(`/api/rooms/${id}/acts`, {
    data: { kind: 'speech.text', text: '不是我说的' },
    headers: { Origin: 'http://evil.example', 'Idempotency-Key': 'evil' },
  })
  expect(response.status()).toBe(403)
  expect(((await response.json()) as { code: string }).code).toBe('wrong_origin')
  await act(page, id, { kind: 'speech.text', text: '这一句是我说的。' })
})
