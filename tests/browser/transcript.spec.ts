// 笔录 from the end of a sitting to the sealed file: two parties sign on their phones, one refuses, the bench makes it at a desk.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Locator, Page } from '@playwright/test'
import { good } from './support/axe'
import { acceptNotice, act, openRoom, readAll } from './support/court'
import { type Person, SALE, askCode, clerk, codeFor, defendantAgent, judge, keepSession, plaintiff, plaintiffAgent } from './support/people'
import { write } from './support/signature'
import { DESK, PHONE, expect, test } from './support/test'

const dialog = (page: Page, name: string): Locator => page.getByRole('dialog', { name, exact: true })
const pill = (page: Page) => page.getByRole('button', { name: /^笔录，/ })

async function enter(page: Page, room: string): Promise<void> {
  await readAll(page, room)
  await page.goto(`/rooms/${room}`)
  await expect(page.getByRole('region', { name: '微法庭消息' })).toBeVisible()
}

/** Confirms on the screen: reads, agrees, gets a code, signs. */
async function signs(page: Page, person: Person, room: string): Promise<void> {
  await expect(pill(page)).toContainText('请确认签名')
  await pill(page).click()
  await dialog(page, '笔录').getByRole('button', { name: '去确认' }).click()
  const sheet = dialog(page, '确认复用签名')
  await expect(sheet).toContainText(/共 \d+ 页/)
  await expect(sheet).toContainText(/SHA-256 [0-9a-f]{64}/)
  await sheet.getByRole('button', { name: '确认签名' }).click()
  await expect(sheet.getByText('请先勾选')).toBeVisible()
  await good(page)
  await sheet.getByRole('checkbox').check()
  await sheet.getByRole('button', { name: '确认签名' }).click()
  const step = dialog(page, '短信验证')
  const pad = dialog(page, '采集数字签名')
  await expect(step.or(pad)).toBeVisible()
  if (await pad.isVisible()) {
    await write(page)
    await pad.getByRole('button', { name: '确认签名' }).click()
  }
  await expect(step).toBeVisible()
  const since = await askCode(person.phone)
  // A number gets one code a minute, and the last one may have left a little after it was asked for.
  await expect(async () => {
    await step.getByRole('button', { name: '获取验证码' }).click()
    await expect(step.getByText(/验证码已发送/)).toBeVisible({ timeout: 3_000 })
  }).toPass({ timeout: 70_000, intervals: [5_000] })
  await good(page)
  await step.getByLabel('验证码').fill('000000')
  await step.getByRole('button', { name: '验证并签名' }).click()
  await expect(step.getByText(/验证码不正确/)).toBeVisible()
  await step.getByLabel('验证码').fill(await codeFor(person.phone, since))
  await step.getByRole('button', { name: '验证并签名' }).click()
  await expect(page.getByText('已确认签名').first()).toBeVisible()
  // The session has another token now; the next test goes on with it.
  await keepSession(page, person)
  await enter(page, room)
}

/** The same by programs, for those of the bench. */
async function signsByCalls(page: Page, person: Person, room: string, png: string): Promise<void> {
  const headers = { Origin: process.env.WEITING_URL! }
  const given = await page.request.put('/api/me/signature', { data: { method: 'drawn', png, strokes: [] }, headers })
  expect(given.status(), await given.text()).toBe(200)
  const { document } = (await (await page.request.get(`/api/rooms/${room}/transcript`)).json()) as { document: { sha256: string; pages: number } }
  const what = { purpose: 'signature.confirm', room, document: document.sha256 }
  const since = await askCode(person.phone)
  await expect.poll(async () => (await page.request.post('/api/step-up/code', { data: what, headers })).status(), { timeout: 70_000, intervals: [5_000] }).toBe(202)
  const shown = await page.request.post('/api/step-up', { data: { ...what, code: await codeFor(person.phone, since) }, headers })
  expect(shown.status(), await shown.text()).toBe(200)
  await act(page, room, { kind: 'signature.confirm', document: document.sha256, pages: document.pages })
  await keepSession(page, person)
}

test('a sitting ends in a transcript: corrected, signed by two on their phones, refused by one, sealed', async ({ as }) => {
  test.skip(test.info().project.name !== 'phone', 'it brings its own devices')
  test.setTimeout(600_000)
  const [bench, office] = [await as(judge, DESK), await as(clerk, DESK)]
  const [first, second, third] = [await as(plaintiffAgent, PHONE), await as(plaintiff, PHONE), await as(defendantAgent, PHONE)]
  const room = await openRoom(bench, SALE, [second, third], ['白石示例商贸有限公司', '许国华', '何敏'])

  await test.step('on first coming in a signature is asked for, drawn, and known to be there', async () => {
    await first.goto(`/rooms/${room}`)
    await first.getByRole('checkbox').check()
    await first.getByRole('button', { name: '同意并进入' }).click()
    const ask = dialog(first, '预留签名')
    await expect(ask).toContainText('仅用于微法庭笔录签名')
    await good(first)
    await ask.getByRole('button', { name: '开始书写' }).click()
    await write(first)
    const pad = dialog(first, '采集数字签名')
    await pad.getByRole('button', { name: '撤销' }).click()
    await pad.getByRole('button', { name: '重写' }).click()
    await write(first)
    await good(first)
    await pad.getByRole('button', { name: '确认签名' }).click()
    await expect(first.getByText(/预留了签名，仅用于微法庭笔录签名/)).toBeVisible()
  })

  await test.step('who puts it off is reminded', async () => {
    await enter(second, room)
    await expect(second.getByRole('button', { name: '尚未预留签名，请书写' })).toBeVisible()
  })

  await act(first, room, { kind: 'speech.text', text: '我方货款请求不变。' })
  await act(third, room, { kind: 'speech.text', text: '对数量有异议。' })

  await test.step('the judge ends the sitting, the clerk makes the draft', async () => {
    for (const page of [bench, office]) await enter(page, room)
    await bench.getByRole('button', { name: '结束微法庭' }).click()
    await dialog(bench, '结束微法庭').getByRole('button', { name: '结束微法庭' }).click()
    await expect(bench.getByText('微法庭已结束')).toBeVisible()
    await pill(bench).click()
    await dialog(bench, '笔录').getByRole('button', { name: '归纳争点' }).click()
    const points = dialog(bench, '归纳争点')
    await points.getByLabel(/^无争议事项/).fill('双方已签订买卖合同')
    await points.getByLabel(/^争议事项/).fill('交货数量')
    await points.getByRole('button', { name: '归纳争点' }).click()
    await expect(points.getByText(/每项争议事项都要写明理由/)).toBeVisible()
    await points.getByLabel(/^争议事项/).fill('交货数量｜被告主张少交两件')
    await points.getByRole('button', { name: '归纳争点' }).click()
    await expect(bench.getByText('已记录')).toBeVisible()
    await pill(office).click()
    await dialog(office, '笔录').getByRole('button', { name: '制作笔录' }).click()
    await dialog(office, '制作笔录').getByRole('button', { name: '制作笔录' }).click()
    await expect(dialog(office, '笔录').getByText('我方货款请求不变。')).toBeVisible()
    await expect(dialog(office, '笔录').getByText('双方已签订买卖合同')).toBeVisible()
    await good(office)
  })

  await test.step('it is circulated; a correction is asked for and refused with a reason', async () => {
    await act(office, room, { kind: 'transcript.circulate', until: new Date(Date.now() + 25_000).toISOString() })
    await enter(third, room)
    await expect(pill(third)).toContainText('请核对')
    await pill(third).click()
    await dialog(third, '笔录').getByRole('button', { name: /^对第 \d+ 条申请补正$/ }).last().click()
    await dialog(third, '申请补正').getByLabel(/^请写明遗漏/).fill('应为少交两件')
    await dialog(third, '申请补正').getByRole('button', { name: '申请补正' }).click()
    await expect(dialog(third, '笔录').getByText('待处理')).toBeVisible()
    await good(third)
    const made = dialog(office, '笔录')
    await made.getByRole('button', { name: '不准许' }).click()
    await dialog(office, '不准许补正').getByRole('textbox').fill('记录与发言一致')
    await dialog(office, '不准许补正').getByRole('button', { name: '不准许补正' }).click()
    await expect(made.getByText('未准许，理由：记录与发言一致')).toBeVisible()
    await expect(dialog(third, '笔录').getByText('未准许，理由：记录与发言一致')).toBeVisible()
  })

  await test.step('it is concluded at the desk and typeset', async () => {
    const made = dialog(office, '笔录')
    await expect(made.getByRole('button', { name: '定稿' })).toBeVisible({ timeout: 40_000 })
    await made.getByRole('button', { name: '定稿' }).click()
    await dialog(office, '定稿').getByRole('button', { name: '2 小时后' }).click()
    await dialog(office, '定稿').getByRole('button', { name: '定稿' }).click()
    await expect(made.getByText('笔录定稿')).toBeVisible({ timeout: 60_000 })
    await expect(made.getByText('待确认').first()).toBeVisible()
    await good(office)
  })

  await test.step('two sign on their phones, one refuses with a reason', async () => {
    await enter(first, room)
    await signs(first, plaintiffAgent, room)
    await enter(second, room)
    await signs(second, plaintiff, room)
    await enter(third, room)
    await pill(third).click()
    await dialog(third, '笔录').getByRole('button', { name: '去确认' }).click()
    await dialog(third, '确认复用签名').getByRole('button', { name: '取消签名' }).click()
    const no = dialog(third, '拒绝签名')
    await no.getByRole('button', { name: '拒绝签名' }).click()
    await expect(no.getByRole('alert')).toHaveText('请填写理由')
    await no.getByRole('textbox').fill('数量记载有误')
    await good(third)
    await no.getByRole('button', { name: '拒绝签名' }).click()
    await expect(third.getByText('已记录您的意见')).toBeVisible()
  })

  await test.step('the bench signs, and the file is sealed and delivered', async () => {
    const png = await bench.evaluate(() => {
      const canvas = document.createElement('canvas')
      canvas.width = 200
      canvas.height = 80
      canvas.getContext('2d')!.fillRect(20, 30, 150, 8)
      return canvas.toDataURL('image/png').split(',')[1]!
    })
    await signsByCalls(bench, judge, room, png)
    await signsByCalls(office, clerk, room, png)
    await enter(first, room)
    await expect(pill(first)).toContainText('已归档', { timeout: 60_000 })
    await first.goto('/documents')
    const row = first.getByRole('listitem').filter({ hasText: SALE }).first()
    await expect(row).toContainText('谈话笔录')
    await good(first)
    await first.getByRole('searchbox').fill('不存在的案件')
    await expect(first.getByText('没有找到相符的文书')).toBeVisible()
    await first.getByRole('searchbox').fill('10241')
    await expect(row).toBeVisible()
    const href = (await row.getByRole('link').getAttribute('href'))!
    const file = await (await first.request.get(href)).body()
    const pdf = path.join(mkdtempSync(path.join(tmpdir(), 'weiting-pdf-')), 'transcript.pdf')
    writeFileSync(pdf, file)
    const text = execFileSync('pdftotext', ['-layout', pdf, '-']).toString()
    for (const line of ['谈话笔录', SALE, '我方货款请求不变。', '对数量有异议。', '双方已签订买卖合同', '被告主张少交两件', '应为少交两件', '记录与发言一致', '数量记载有误']) {
      expect(text, line).toContain(line)
    }
    expect(execFileSync('pdfsig', [pdf]).toString()).toContain('Signature is Valid.')
    // It proves itself, on the reader's own device: the receipt in it is of the record in it, and of this court.
    await first.goto('/verify')
    await first.getByLabel('选择文件').setInputFiles(pdf)
    await expect(first.getByRole('heading', { name: '核验通过' })).toBeVisible()
    await expect(first.getByText('PDF 所附审理记录与存证一致')).toBeVisible()
    await good(first)
  })
})

test('who cannot write types the name, and a clerk checks it', async ({ as }) => {
  test.skip(test.info().project.name !== 'phone', 'it brings its own devices')
  const [bench, office, party] = [await as(judge, DESK), await as(clerk, DESK), await as(defendantAgent, PHONE)]
  const room = await openRoom(bench, SALE, [party], ['青禾示例家居有限公司', '白石示例商贸有限公司', '许国华', '何敏', '陈立'])
  await acceptNotice(party, room)
  await enter(party, room)
  await party.getByRole('button', { name: '尚未预留签名，请书写' }).click()
  const pad = dialog(party, '采集数字签名')
  await pad.getByRole('button', { name: '不便书写' }).click()
  await pad.getByLabel('键入本人姓名').fill('别人')
  await pad.getByRole('button', { name: '确认签名' }).click()
  await expect(pad.getByText('请键入您本人的姓名')).toBeVisible()
  await good(party)
  await pad.getByLabel('键入本人姓名').fill(defendantAgent.name)
  await pad.getByRole('button', { name: '确认签名' }).click()
  await expect(party.getByText(/以键入姓名的方式预留了签名，待书记员核对/)).toBeVisible()
  await enter(office, room)
  await pill(office).click()
  await dialog(office, '笔录').getByRole('button', { name: '核对', exact: true }).click()
  await good(office)
  await dialog(office, '核对签名').getByRole('button', { name: '核对', exact: true }).click()
  await expect(office.getByText(/已核对.*键入的签名/)).toBeVisible()
})
