// 行为存证 and 核验: a receipt is downloaded, checked without the server, and a changed one is told, with its place.
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { good } from './support/axe'
import { acceptNotice, act, roomOf } from './support/court'
import { SALE, defendant } from './support/people'
import { expect, test } from './support/test'

const golden = (name: string) => path.join(__dirname, '../verify/golden', name)

test('own acts are listed; a receipt is downloaded, verifies, and does not when a word is changed', async ({ as }) => {
  test.setTimeout(120_000)
  // Somebody whose signature no other test uses.
  const page = await as(defendant)
  const room = await roomOf(page, SALE)
  await acceptNotice(page, room.id)
  await act(page, room.id, { kind: 'speech.text', text: '请记录在案。' })
  await page.goto('/me')
  await page.getByRole('link', { name: '行为存证' }).click()
  await expect(page.getByRole('heading', { name: '行为存证' })).toBeVisible()
  // The log comes to an act within seconds.
  await expect(async () => {
    await page.reload()
    await expect(page.getByText('请记录在案。').first()).toBeVisible({ timeout: 3_000 })
  }).toPass({ timeout: 30_000 })
  await good(page)
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: /^下载凭证：.*请记录在案/ }).first().click()])
  const receipt = await readFile(await download.path(), 'utf8')
  expect(receipt).toContain('weiting receipt v1')
  await page.getByRole('button', { name: '签名使用记录' }).click()
  await expect(page.getByText('您还没有在微法庭中确认或者拒绝过签名')).toBeVisible()
  await good(page)

  await page.getByRole('link', { name: '核验凭证或案件存证包' }).click()
  const pick = page.getByLabel('选择文件')
  await pick.setInputFiles({ name: '凭证.txt', mimeType: 'text/plain', buffer: Buffer.from(receipt) })
  await expect(page.getByRole('heading', { name: '核验通过' })).toBeVisible()
  await expect(page.getByText('签名公钥与本院公布的一致')).toBeVisible()
  await good(page)
  await pick.setInputFiles({ name: '凭证.txt', mimeType: 'text/plain', buffer: Buffer.from(receipt.replace('请记录在案', '请不要记录')) })
  await expect(page.getByRole('heading', { name: '核验未通过' })).toBeVisible()
  await expect(page.getByText(/^act \d+ body$/)).toBeVisible()
  await good(page)
})

test('who has not logged in checks a bundle too, and nothing is sent', async ({ stranger }) => {
  const page = await stranger()
  await page.goto('/login')
  await page.getByRole('link', { name: '核验存证' }).click()
  await expect(page.getByRole('heading', { name: '核验存证' })).toBeVisible()
  const sent: string[] = []
  page.on('request', (request) => void (request.method() !== 'GET' && sent.push(request.url())))
  await page.getByLabel('选择文件').setInputFiles(golden('golden.zip'))
  // Another court's: everything holds but the key, which is not the one that this court has published.
  await expect(page.getByRole('heading', { name: '核验未通过' })).toBeVisible()
  await expect(page.getByText('7 项行为，前后衔接，没有增删调换')).toBeVisible()
  await page.getByLabel('选择文件').setInputFiles({ name: '合同.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.7 an invented contract') })
  await expect(page.getByText('合同.pdf：与行为中出示的文件一致')).toBeVisible()
  await page.getByLabel('选择文件').setInputFiles({ name: '合同.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.7 an altered contract') })
  await expect(page.getByText('合同.pdf：不是上面行为中出示的文件，或已被改动')).toBeVisible()
  await page.getByLabel('选择文件').setInputFiles(golden('forked-log.zip'))
  await expect(page.getByText('与法院另一时刻的存证日志不一致')).toBeVisible()
  await expect(page.getByText('history/000000000011.txt')).toBeVisible()
  await page.reload()
  await page.getByLabel('选择文件').setInputFiles({ name: '别的.txt', mimeType: 'text/plain', buffer: Buffer.from('不是凭证') })
  await expect(page.getByText('内容无法读取，格式不符')).toBeVisible()
  await good(page)
  expect(sent).toEqual([])
})
