// The judge's desk: my rooms, the room, and what stands beside it; keys for hands that are not typing; two hundred rooms.
import type { Page } from '@playwright/test'
import { good } from './support/axe'
import { act, openRoom, sayFile } from './support/court'
import { photo } from './support/media'
import { SALE, judge, plaintiff } from './support/people'
import { expect, test } from './support/test'

const composer = (page: Page) => page.getByRole('textbox', { name: '输入消息' })

test('rail, rooms, room and inspector; the files of the room with their hashes', async ({ as }) => {
  const [bench, mine] = [await as(judge), await as(plaintiff)]
  const id = await openRoom(bench, SALE, [mine])
  const picture = photo('收货单.jpg', 1200, 1600)
  await sayFile(mine, id, 'speech.photo', picture)
  await bench.goto(`/rooms/${id}`)
  await expect(bench.getByRole('navigation', { name: '主导航' })).toBeVisible()
  const list = bench.getByRole('complementary', { name: '我的微法庭' })
  await expect(list).toContainText('周明远')
  await expect(list).toContainText(/在办 \d+ 件/)
  for (const tab of [/进行中/, /待启动/, /已结束/]) await expect(list.getByRole('tab', { name: tab })).toBeVisible()
  await expect(list.locator('a[aria-current=page]')).toContainText(SALE)
  const beside = bench.getByRole('tablist', { name: '案件资料' })
  for (const tab of ['成员', '证据']) await expect(beside.getByRole('tab', { name: tab, exact: true })).toBeVisible()
  await good(bench)

  await beside.getByRole('tab', { name: '证据', exact: true }).click()
  const evidence = bench.getByRole('complementary', { name: '证据' })
  await expect(evidence).toContainText('收货单.jpg')
  await expect(evidence).toContainText(`SHA-256 ${picture.sha256.slice(0, 8)}`)
  await expect(evidence).toContainText('已列出全部文件，共 1 件')
  await good(bench)
  await evidence.getByRole('button', { name: /SHA-256/ }).click()
  await expect(bench.getByRole('dialog', { name: '存证信息' })).toContainText(picture.sha256)
  await bench.keyboard.press('Escape')
  await evidence.getByRole('button', { name: '查看收货单.jpg' }).click()
  await expect(bench.locator('.pswp img').first()).toBeVisible()
})

test('keys do what the help says, and never while somebody types', async ({ as }) => {
  const bench = await as(judge)
  const first = await openRoom(bench, SALE, [])
  const second = await openRoom(bench, SALE, [])
  for (const id of [first, second]) await act(bench, id, { kind: 'speech.text', text: '请各方准备。' })
  // The latest speaks first in the list, so the second stands above the first.
  await bench.goto(`/rooms/${second}`)
  await expect(composer(bench)).toBeVisible()
  await expect(bench.getByRole('complementary', { name: '我的微法庭' }).locator('a[aria-current=page]')).toBeVisible()

  await bench.keyboard.press('j')
  await expect(bench).toHaveURL(new RegExp(first))
  await expect(composer(bench)).toBeVisible()
  await bench.keyboard.press('k')
  await expect(bench).toHaveURL(new RegExp(second))

  // The room of before goes with its composer when the next one is there.
  await expect(async () => {
    await bench.keyboard.press('r')
    await expect(composer(bench)).toBeFocused({ timeout: 500 })
    await bench.waitForTimeout(300)
    await expect(composer(bench)).toBeFocused({ timeout: 100 })
    await expect(composer(bench)).toHaveValue('')
  }).toPass({ timeout: 20_000 })
  await bench.keyboard.type('jk/rme?')
  await expect(composer(bench)).toHaveValue('jk/rme?')
  await expect(bench).toHaveURL(new RegExp(second))
  await bench.keyboard.press('Escape')
  await expect(composer(bench)).not.toBeFocused()

  await bench.keyboard.press('e')
  await expect(bench.getByRole('tab', { name: '证据', exact: true })).toBeFocused()
  await bench.keyboard.press('m')
  await expect(bench.getByRole('tab', { name: '成员', exact: true })).toBeFocused()
  await bench.keyboard.press('/')
  await expect(bench.getByRole('searchbox', { name: '案号、当事人、案由' })).toBeFocused()
  await bench.keyboard.press('j')
  await expect(bench).toHaveURL(new RegExp(second))
  await bench.keyboard.press('Backspace')
  await bench.getByRole('region', { name: '微法庭消息' }).focus()

  await bench.keyboard.press('?')
  const help = bench.getByRole('dialog', { name: '键盘快捷键' })
  await expect(help).toContainText('下一个微法庭')
  await good(bench)
  await bench.keyboard.press('j')
  await expect(bench).toHaveURL(new RegExp(second))
  await help.getByRole('checkbox', { name: '使用快捷键' }).uncheck()
  await bench.keyboard.press('Escape')
  await bench.keyboard.press('j')
  await bench.keyboard.press('?')
  await expect(help).toHaveCount(0)
  await expect(bench).toHaveURL(new RegExp(second))
  await bench.getByRole('button', { name: '键盘快捷键' }).click()
  await help.getByRole('checkbox', { name: '使用快捷键' }).check()
})

test('two hundred open rooms are listed, searched and walked through', async ({ as }) => {
  const bench = await as(judge)
  const id = await openRoom(bench, SALE, [])
  await bench.route('**/api/rooms', async (route) => {
    const response = await route.fetch()
    const cards = (await response.json()) as { id: string; phase: string; case: { id: string; number: string; title: string } }[]
    const own = cards.find((card) => card.id === id)!
    const more = Array.from({ length: 199 }, (_, n) => ({ ...own, id: crypto.randomUUID(), case: { ...own.case, id: crypto.randomUUID(), number: `(2026)沪0113民初${30_000 + n}号`, title: `甲${n}公司 诉 乙${n}公司` } }))
    await route.fulfill({ response, json: [own, ...more] })
  })
  await bench.goto(`/rooms/${id}`)
  const list = bench.getByRole('complementary', { name: '我的微法庭' })
  await expect(list.getByRole('tab', { name: /进行中/ })).toContainText('200')
  await expect(list).toContainText('在办 200 件')
  await expect(list.getByRole('link')).toHaveCount(200)
  await list.getByRole('searchbox').fill('甲198')
  await expect(list.getByRole('link')).toHaveCount(1)
  await expect(list.getByRole('link')).toContainText('(2026)沪0113民初30198号')
  await list.getByRole('searchbox').fill('')
  await expect(list.getByRole('link')).toHaveCount(200)
  // Searching is felt at once: less than a tenth of a second from the key to the rows, on a machine that others share.
  const spent = await list.getByRole('searchbox').evaluate(async (field: HTMLInputElement) => {
    const begun = performance.now()
    field.value = '乙77'
    field.dispatchEvent(new Event('input', { bubbles: true }))
    while (document.querySelectorAll('#rooms-panel a').length !== 1) await new Promise(requestAnimationFrame)
    return performance.now() - begun
  })
  expect(spent).toBeLessThan(1000)
  await good(bench)
})
