// 送达与同意 on the screen: asked after the notice, put off, answered each apart, an address confirmed; the bench sees it; taken back again.
import { good } from './support/axe'
import { openRoom } from './support/court'
import { LOAN, borrower, judge } from './support/people'
import { DESK, expect, test } from './support/test'

test('consents: put off, then answered one by one; an address is confirmed; the judge sees who has agreed; one is taken back', async ({ as }) => {
  test.setTimeout(180_000)
  const [bench, page] = [await as(judge, DESK), await as(borrower)]
  const room = await openRoom(bench, LOAN, [page])
  const strip = page.getByRole('link', { name: '请确认送达地址和在线诉讼事项' })
  const card = (title: string) => page.getByRole('region', { name: title })

  await test.step('it is asked, and stands in nobody’s way', async () => {
    await page.goto(`/rooms/${room}`)
    await expect(strip).toBeVisible()
    await page.getByRole('textbox', { name: '输入消息' }).fill('先发言，稍后再答复')
    await page.getByRole('button', { name: '发送', exact: true }).click()
    await expect(page.getByRole('article').filter({ hasText: '先发言' })).toBeVisible()
    await good(page)
    await strip.click()
  })

  await test.step('each thing is answered apart, nothing beforehand', async () => {
    await expect(page.getByText('尚未答复')).toHaveCount(3)
    await good(page)
    await card('电子送达告知与确认书').getByText('阅读全文').click()
    await expect(page.getByText('不同意的，不影响您的任何诉讼权利，法院将以邮寄')).toBeVisible()
    await page.getByRole('button', { name: '不同意，在线诉讼告知与同意书' }).click()
    await expect(card('在线诉讼告知与同意书').getByText('不同意', { exact: true })).toBeVisible()
    await page.getByRole('button', { name: '同意，非同步审理告知与同意书', exact: true }).click()
    await expect(card('非同步审理告知与同意书').getByText('已同意')).toBeVisible()
  })

  await test.step('an address with an electronic way needs the consent to it', async () => {
    await page.getByRole('link', { name: '填写或修改地址' }).click()
    await page.getByLabel('收件人').fill('赵二川')
    await page.getByLabel('联系电话').fill('021-00000000')
    await page.getByLabel('详细地址').fill('示例路 9 号')
    await page.getByLabel('邮政编码').fill('20')
    await page.getByRole('checkbox', { name: '短信' }).check()
    await good(page)
    await page.getByRole('button', { name: '保存' }).click()
    await expect(page.getByText('邮政编码应为 6 位数字')).toBeVisible()
    await page.getByLabel('邮政编码').fill('200000')
    await page.getByRole('button', { name: '保存' }).click()
    await expect(page.getByText('示例路 9 号')).toBeVisible()
    await expect(page.getByRole('button', { name: '确认送达地址' })).toBeDisabled()
    await page.getByRole('button', { name: '同意，电子送达告知与确认书', exact: true }).click()
    await page.getByRole('button', { name: '确认送达地址' }).click()
    await expect(page.getByText('已确认（第 1 版）')).toBeVisible()
    await good(page)
    await page.goto(`/rooms/${room}`)
    await expect(page.getByRole('textbox', { name: '输入消息' })).toBeVisible()
    await expect(strip).toHaveCount(0)
  })

  await test.step('the judge sees who has agreed, and where papers go', async () => {
    await bench.goto(`/rooms/${room}/consents`)
    await expect(bench.getByText('尚未取得各方当事人对非同步审理的同意')).toBeVisible()
    await expect(bench.getByText('示例路 9 号')).toBeVisible()
    await good(bench)
  })

  await test.step('one is taken back, with a reason', async () => {
    await page.goto('/me/consents')
    await good(page)
    await page.getByRole('button', { name: '撤回同意，电子送达告知与确认书' }).first().click()
    const sheet = page.getByRole('dialog', { name: '撤回同意' })
    await sheet.getByLabel('撤回的理由').fill('改用邮寄')
    await sheet.getByRole('button', { name: '撤回同意', exact: true }).click()
    await expect(page.getByText('已撤回').first()).toBeVisible()
    await page.goto('/me/devices')
    await expect(page.getByText('本机')).toBeVisible()
    await good(page)
  })
})
