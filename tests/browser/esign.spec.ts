// 电子签名: from a file over places on its pages to a PDF, on a phone; and what is left of it in 行为存证.
import { execFileSync } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import type { Page } from '@playwright/test'
import { good } from './support/axe'
import { askCode, borrower, codeFor, keepSession } from './support/people'
import { write } from './support/signature'
import { expect, test } from './support/test'

/** A PDF of two pages, as an office program would print it. */
function paper(): Buffer {
  const objects = [
    '<</Type/Catalog/Pages 2 0 R>>',
    '<</Type/Pages/Kids[3 0 R 4 0 R]/Count 2>>',
    ...[1, 2].map((n) => `<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F 5 0 R>>>>/Contents ${n + 5} 0 R>>`),
    '<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>',
    ...['Contract of sale, page one', 'Contract of sale, page two'].map((text) => {
      const stream = `BT /F 20 Tf 72 740 Td (${text}) Tj ET`
      return `<</Length ${stream.length}>>\nstream\n${stream}\nendstream`
    }),
  ]
  let text = '%PDF-1.4\n'
  const at = objects.map((object, i) => {
    const begins = text.length
    text += `${i + 1} 0 obj\n${object}\nendobj\n`
    return begins
  })
  const table = at.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('')
  return Buffer.from(`${text}xref\n0 ${at.length + 1}\n0000000000 65535 f \n${table}trailer\n<</Size ${at.length + 1}/Root 1 0 R>>\nstartxref\n${text.length}\n%%EOF\n`)
}

/** Whoever has no signature yet writes one. */
async function withSignature(page: Page): Promise<void> {
  const choose = page.getByLabel('选择文件')
  const begin = page.getByRole('button', { name: '书写签名' })
  await expect(begin.or(choose)).toBeVisible()
  if (await choose.isVisible()) return
  await begin.click()
  await write(page)
  await page.getByRole('dialog', { name: '采集数字签名' }).getByRole('button', { name: '确认签名' }).click()
  await expect(choose).toBeVisible()
}

test('a PDF is signed in two places after a code, saved, and noted among the uses of the signature', async ({ as }) => {
  test.setTimeout(120_000)
  const page = await as(borrower)
  await page.goto('/tools')
  await page.getByRole('link', { name: /^电子签名/ }).click()
  await withSignature(page)
  await good(page)

  await page.getByLabel('选择文件').setInputFiles({ name: '合同.docx', mimeType: 'application/msword', buffer: Buffer.from('x') })
  await expect(page.getByText('请选择 PDF 或者照片')).toBeVisible()
  await page.getByLabel('选择文件').setInputFiles({ name: '购销合同.pdf', mimeType: 'application/pdf', buffer: paper() })
  const first = page.getByRole('region', { name: '第 1 页，共 2 页' })
  await expect(first.getByRole('button', { name: '在第 1 页添加签名' })).toBeEnabled()

  // A tap puts one there; a finger moves it; the keys do too; the corner makes it larger.
  const sheet = first.getByRole('img', { name: '《购销合同.pdf》第 1 页' })
  const box = (await sheet.boundingBox())!
  await page.touchscreen.tap(box.x + box.width / 2, box.y + box.height / 2)
  const mark = first.getByRole('button', { name: /^第 1 页的签名/ })
  await expect(mark).toBeFocused()
  const before = (await mark.boundingBox())!
  await page.mouse.move(before.x + before.width / 2, before.y + before.height / 2)
  await page.mouse.down()
  await page.mouse.move(before.x + before.width / 2 + 40, before.y + before.height / 2 + 60, { steps: 4 })
  await page.mouse.up()
  const moved = (await mark.boundingBox())!
  expect(moved.x - before.x).toBeCloseTo(40, 0)
  expect(moved.y - before.y).toBeCloseTo(60, 0)
  await page.keyboard.press('Shift+ArrowLeft')
  expect((await mark.boundingBox())!.x).toBeLessThan(moved.x)
  await page.getByRole('button', { name: '放大' }).click()
  expect((await mark.boundingBox())!.width).toBeGreaterThan(moved.width * 1.15)

  // Without a pointer; removed and brought back.
  await page.getByRole('button', { name: '在第 2 页添加签名' }).click()
  await expect(page.getByText('已放 2 处签名')).toBeVisible()
  await page.keyboard.press('Delete')
  await expect(page.getByText('已放 1 处签名')).toBeVisible()
  await page.getByRole('button', { name: '撤销' }).click()
  await expect(page.getByText('已放 2 处签名')).toBeVisible()
  await good(page)

  await page.getByRole('button', { name: '预览' }).click()
  await expect(page.getByText('请逐页核对签名的位置')).toBeVisible()
  await good(page)
  await page.getByRole('button', { name: '确认签名' }).click()
  const step = page.getByRole('dialog', { name: '短信验证' })
  await expect(step).toBeVisible()
  const since = await askCode(borrower.phone)
  await expect(async () => {
    await step.getByRole('button', { name: '获取验证码' }).click()
    await expect(step.getByText(/验证码已发送/)).toBeVisible({ timeout: 3_000 })
  }).toPass({ timeout: 70_000, intervals: [5_000] })
  await step.getByLabel('验证码').fill(await codeFor(borrower.phone, since))
  await step.getByRole('button', { name: '验证并签名' }).click()

  await expect(page.getByRole('heading', { name: '签名已完成' })).toBeVisible({ timeout: 30_000 })
  await expect(page.getByRole('img', { name: '《购销合同（已签名）.pdf》第 2 页' })).toBeVisible()
  // The session has another token now; the next test goes on with it.
  await keepSession(page, borrower)
  await good(page)
  const saving = page.waitForEvent('download')
  await page.getByRole('link', { name: '下载 PDF' }).click()
  const saved = await saving
  expect(saved.suggestedFilename()).toBe('购销合同（已签名）.pdf')
  const file = (await saved.path())!
  expect((await readFile(file)).subarray(0, paper().length).equals(paper()), 'what was there stays, byte for byte').toBe(true)
  expect(execFileSync('pdfimages', ['-list', file], { encoding: 'utf8' }).match(/^ +[12] /gm)).toHaveLength(4)
  expect(execFileSync('pdftotext', [file, '-'], { encoding: 'utf8' })).toContain('page two')

  await page.getByRole('link', { name: '查看签名使用记录' }).click()
  const uses = page.getByRole('region', { name: '用电子签名工具' })
  await expect(uses.getByText('《购销合同.pdf》第 1、2 页，2 处').first()).toBeVisible()
  await good(page)
})
