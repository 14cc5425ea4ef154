// The members of a room: search, who somebody is, writing to one alone, what is unread, letting in and ending.
import type { Locator, Page, TestInfo } from '@playwright/test'
import { good } from './support/axe'
import { act, memberOf, openRoom, readAll } from './support/court'
import { photo } from './support/media'
import { SALE, clerk, judge, mediator, plaintiff, plaintiffAgent } from './support/people'
import { expect, test } from './support/test'

const onPhone = (info: TestInfo) => info.project.name === 'phone'
const said = (page: Page, text: string): Locator => page.getByRole('article').filter({ hasText: text })

/** The members, in the drawer of a phone or beside the room. */
async function members(page: Page, info: TestInfo): Promise<Locator> {
  if (!onPhone(info)) return page.getByRole('complementary', { name: '成员' })
  await page.getByRole('button', { name: '成员', exact: true }).click()
  return page.getByRole('dialog', { name: '成员', exact: true })
}

test('a private message to the judge is for the judge, and the app says that the clerk sees it too', async ({ as }, info) => {
  test.setTimeout(180_000)
  const bench = await as(judge)
  const [mine, desk, other] = [await as(plaintiff), await as(clerk), await as(plaintiffAgent)]
  const id = await openRoom(bench, SALE, [mine, other])
  await mine.goto(`/rooms/${id}`)
  const input = mine.getByRole('textbox', { name: '输入私信' })

  await test.step('found among the members, and told who else sees it', async () => {
    const list = await members(mine, info)
    await list.getByRole('searchbox', { name: '搜索姓名、身份' }).fill('不存在')
    await expect(list.getByText('没有符合条件的成员')).toBeVisible()
    await list.getByRole('searchbox').fill('审判长')
    await expect(list.locator('.person')).toHaveCount(1)
    await good(mine)
    await list.locator('.person').click()
    const sheet = mine.getByRole('dialog', { name: '成员信息' })
    await expect(sheet).toContainText('周明远')
    await expect(sheet).toContainText('出庭职务')
    await expect(sheet).toContainText('书记员孙悦也会看到')
    await good(mine)
    await sheet.getByRole('button', { name: '发私信' }).click()
    const bar = mine.getByRole('group', { name: '私信给周明远' })
    await expect(bar).toContainText('书记员孙悦也会看到')
    await expect(input).toBeFocused()
    await good(mine)
  })

  await test.step('what is begun in private stays private over a reload, and apart from the public input', async () => {
    await input.fill('请求延期，理由不便公开。')
    await mine.reload()
    await expect(mine.getByRole('group', { name: '私信给周明远' })).toBeVisible()
    await expect(input).toHaveValue('请求延期，理由不便公开。')
    await mine.getByRole('button', { name: '取消私信' }).click()
    await expect(mine.getByRole('textbox', { name: '输入消息' })).toHaveValue('')
    await (await members(mine, info)).getByRole('button', { name: /周明远/ }).click()
    await mine.getByRole('dialog', { name: '成员信息' }).getByRole('button', { name: '发私信' }).click()
    await expect(input).toHaveValue('请求延期，理由不便公开。')
  })

  await test.step('words on a dead network, over a reload of the page, still go to one', async () => {
    await mine.route('**/api/rooms/*/acts', (route) => (route.request().method() === 'POST' ? route.abort() : route.fallback()))
    await mine.getByRole('button', { name: '发送私信' }).click()
    await expect(said(mine, '请求延期，理由不便公开。')).toContainText('私信')
    await expect(said(mine, '请求延期，理由不便公开。')).toContainText('仅您与周明远、孙悦可见')
    await mine.reload()
    await expect(said(mine, '请求延期，理由不便公开。')).toContainText(/等待网络|发送中/)
    await mine.unroute('**/api/rooms/*/acts')
    await expect(said(mine, '请求延期，理由不便公开。')).toContainText('已存证', { timeout: 30_000 })
    await expect(said(mine, '请求延期，理由不便公开。')).toContainText('仅您与周明远、孙悦可见')
  })

  const picture = photo(`病历-${info.project.name}.jpg`, 1200, 1600)
  await test.step('a photo too', async () => {
    if (onPhone(info)) {
      await mine.getByRole('button', { name: '更多功能' }).click()
      await expect(mine.getByRole('group', { name: '更多功能' }).getByRole('button')).toHaveText(['相册', '拍照', '录像', '文件'])
    }
    const chooser = mine.waitForEvent('filechooser')
    await mine.getByRole('button', { name: '相册', exact: true }).click()
    await (await chooser).setFiles(picture.path)
    const sent = mine.getByRole('article').filter({ has: mine.getByRole('button', { name: `查看照片，${picture.name}` }) })
    await expect(sent).toContainText('已存证', { timeout: 20_000 })
    await expect(sent).toContainText('仅您与周明远、孙悦可见')
  })

  await test.step('judge and clerk have it, nobody else', async () => {
    for (const page of [bench, desk]) {
      await page.goto(`/rooms/${id}`)
      await expect(said(page, '请求延期，理由不便公开。')).toContainText('私信')
      await expect(page.getByRole('button', { name: `查看照片，${picture.name}` })).toBeVisible()
    }
    await expect(said(bench, '请求延期，理由不便公开。')).toContainText('仅您与原告、孙悦可见')
    await good(bench)
    await other.goto(`/rooms/${id}`)
    await act(bench, id, { kind: 'speech.text', text: '各方请继续。' })
    await expect(said(other, '各方请继续。')).toBeVisible()
    await expect(said(other, '请求延期')).toHaveCount(0)
    const acts = await (await other.request.get(`/api/rooms/${id}/acts?limit=200`)).text()
    expect(acts).not.toContain('请求延期')
    expect(acts).not.toContain(picture.name)
    expect(await (await other.request.get('/api/rooms')).text()).not.toContain('请求延期')
  })
})

test('an unread private message is a red number on its sender until it has been seen', async ({ as }, info) => {
  test.setTimeout(120_000)
  const [bench, guest] = [await as(judge), await as(mediator)]
  const id = await openRoom(bench, SALE, [guest])
  for (let n = 1; n <= 24; n += 1) await act(bench, id, { kind: 'speech.text', text: `第 ${n} 项。\n请各方注意。` })
  await readAll(guest, id)
  await guest.goto(`/rooms/${id}?seq=1`)
  await expect(said(guest, '第 1 项。')).toBeVisible()
  const to = { members: [await memberOf(bench, id, mediator.name)] }
  await act(bench, id, { kind: 'speech.text', text: '请您先单独联系双方。', to })

  const people = guest.getByRole('button', { name: '成员', exact: true })
  if (onPhone(info)) await expect(people).toHaveAccessibleDescription('1 条未读私信')
  const row = (await members(guest, info)).getByRole('button', { name: /周明远/ })
  await expect(row).toContainText('1 条未读私信')
  await good(guest)
  await row.click()
  await guest.getByRole('dialog', { name: '成员信息' }).getByRole('button', { name: '查看私信（1）' }).click()
  await expect(said(guest, '请您先单独联系双方。')).toBeInViewport()
  await expect(said(guest, '请您先单独联系双方。')).toContainText('私信')
  const again = (await members(guest, info)).getByRole('button', { name: /周明远/ })
  await expect(again).not.toContainText('未读私信')
  await guest.reload()
  if (onPhone(info)) await expect(people).toHaveAccessibleDescription('')
  else await expect(again).not.toContainText('未读私信')
})

test('the judge lets a participant in, and ends a membership with a reason', async ({ as }, info) => {
  const bench = await as(judge)
  const id = await openRoom(bench, SALE, [], [mediator.name])
  await bench.goto(`/rooms/${id}`)
  const list = await members(bench, info)
  await expect(list.getByRole('button', { name: /周明远/ })).toBeVisible()
  await expect(list.getByRole('button', { name: /何敏/ })).toHaveCount(0)
  await list.getByRole('button', { name: '添加成员' }).click()
  const sheet = bench.getByRole('dialog', { name: '添加成员' })
  await expect(sheet.getByRole('radio')).toHaveCount(1)
  await sheet.getByRole('button', { name: '添加', exact: true }).click()
  await expect(sheet.getByRole('alert')).toHaveText('请选择要添加的参与人')
  await good(bench)
  await sheet.getByRole('radio', { name: /何敏/ }).check()
  await sheet.getByRole('button', { name: '添加', exact: true }).click()
  await expect(list.getByRole('button', { name: /何敏/ })).toBeVisible()

  await list.getByRole('button', { name: /何敏/ }).click()
  const person = bench.getByRole('dialog', { name: /成员信息|结束何敏的参加/ })
  await person.getByRole('button', { name: '结束参加' }).click()
  await person.getByRole('button', { name: '结束参加' }).click()
  await expect(person.getByText('请填写原因')).toBeVisible()
  await person.getByLabel('原因').fill('调解已终结')
  await person.getByRole('button', { name: '结束参加' }).click()
  await expect(list.getByRole('button', { name: /何敏/ })).toHaveCount(0)
  await expect(bench.getByRole('region', { name: '微法庭消息' }).getByText('退出微法庭，理由：调解已终结')).toHaveCount(1)
})

test('who may not admit or end is offered neither', async ({ as }, info) => {
  const [bench, mine] = [await as(judge), await as(plaintiff)]
  const id = await openRoom(bench, SALE, [mine])
  await mine.goto(`/rooms/${id}`)
  const list = await members(mine, info)
  await expect(list.getByRole('button', { name: /何敏/ })).toBeVisible()
  await expect(list.getByRole('button', { name: '添加成员' })).toHaveCount(0)
  await list.getByRole('button', { name: /何敏/ }).click()
  const sheet = mine.getByRole('dialog', { name: '成员信息' })
  await expect(sheet).toContainText('诉讼地位')
  await expect(sheet.getByRole('button', { name: '发私信' })).toBeVisible()
  await expect(sheet.getByRole('button', { name: '结束参加' })).toHaveCount(0)
})
