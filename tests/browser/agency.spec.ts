// 申请代理 on the screen: a party names an agent with a paper, the court reads it and lets the agent in, the party revokes and the agent is out.
import type { Page } from '@playwright/test'
import { good } from './support/axe'
import { pdf } from './support/media'
import { LOAN, clerk, lawyer, lender } from './support/people'
import { DESK, expect, test } from './support/test'

const dialog = (page: Page, name: string) => page.getByRole('dialog', { name, exact: true })

test('an agent: applied for by the party, read and approved by the court, in the case, and out of it with the mandate', async ({ as, browser }) => {
  test.setTimeout(180_000)
  const [party, office, agent] = [await as(lender), await as(clerk, DESK), await as(lawyer)]

  const printer = await browser.newPage()
  const paper = await pdf(printer, 'mandate.pdf')
  await printer.close()

  await test.step('the party applies from the case', async () => {
    await party.goto('/cases')
    await party.getByRole('link', { name: new RegExp(LOAN.replace(/[()]/g, '\\$&')) }).first().click()
    await party.getByRole('link', { name: '申请代理' }).click()
    await party.getByLabel('代理人姓名').fill('林一丹')
    await party.getByLabel('代理人手机号').fill(lawyer.phone)
    await party.getByRole('button', { name: '查询能否委托' }).click()
    await expect(party.getByRole('status').filter({ hasText: '没有找到以这个姓名和手机号登记的代理人' })).toBeVisible()
    await party.getByLabel('代理人姓名').fill(lawyer.name)
    await party.getByRole('button', { name: '查询能否委托' }).click()
    await expect(party.getByText('可以委托此人')).toBeVisible()
    for (const radio of await party.getByRole('radio').all()) await expect(radio).not.toBeChecked()
    await party.getByRole('radio', { name: /^特别授权/ }).check()
    await party.getByRole('button', { name: '提交申请' }).click()
    await expect(party.getByText('请至少勾选一项')).toBeVisible()
    await expect(party.getByText('请上传授权委托书')).toBeVisible()
    await expect(party.getByText('仅写“全权代理”而没有列明具体事项的')).toBeVisible()
    await party.getByRole('checkbox', { name: '进行和解' }).check()
    await party.getByLabel('授权委托书').setInputFiles(paper.path)
    await good(party)
    // Twice is once.
    await party.getByRole('button', { name: '提交申请' }).dblclick()
    await expect(party.getByText('待法院审核')).toHaveCount(1)
    await good(party)
  })

  await test.step('the court reads the paper and approves', async () => {
    await expect(async () => {
      await office.goto('/agency/queue')
      await expect(office.getByText(lawyer.name)).toBeVisible({ timeout: 2000 })
    }).toPass({ timeout: 15_000 })
    await expect(office.getByText('特别授权：进行和解')).toBeVisible()
    await good(office)
    await office.getByRole('button', { name: '查看委托书' }).click()
    const viewer = dialog(office, `授权委托书（${lawyer.name}）`)
    const first = viewer.getByRole('img').first()
    await expect.poll(() => first.evaluate((image: HTMLImageElement) => (image.complete ? image.naturalWidth : 0)), { timeout: 40_000 }).toBeGreaterThan(300)
    await viewer.getByRole('button', { name: '关闭' }).click()
    await office.getByRole('button', { name: `批准，${lawyer.name}`, exact: true }).click()
    await dialog(office, '批准').getByRole('button', { name: '批准', exact: true }).click()
    await expect(office.getByText('没有待审核的代理申请')).toBeVisible()
    await good(office)
  })

  await test.step('the agent is in', async () => {
    await agent.goto('/agency')
    await expect(agent.getByText('已通过')).toBeVisible()
    await good(agent)
    await agent.goto('/cases')
    await agent.getByRole('link', { name: new RegExp(LOAN.replace(/[()]/g, '\\$&')) }).first().click()
    await expect(agent.getByText('原告代理人').first()).toBeVisible()
  })

  await test.step('the party revokes, and the agent is out', async () => {
    const kase = agent.url()
    await party.goto('/agency')
    await party.getByRole('button', { name: `解除委托，${lawyer.name}` }).click()
    await dialog(party, '解除委托').getByLabel('理由').fill('另行委托')
    await good(party)
    await dialog(party, '解除委托').getByRole('button', { name: '解除委托', exact: true }).click()
    await expect(party.getByText('已终止', { exact: true })).toBeVisible()
    await agent.goto(kase)
    await expect(agent.getByText('原告代理人')).toHaveCount(0)
    await agent.goto('/cases')
    await expect(agent.getByText(LOAN)).toHaveCount(0)
  })
})
