// Logging in, as strangers meet it: codes, wrong codes, the human check, several capacities.
import { askCode, codeFor, defendantAgent, keepSession, lender, logIn, sessionOf } from './support/people'
import { expect, test } from './support/test'

test('a wrong number or code is said beside its field, and the right code opens the door', async ({ stranger }) => {
  const page = await stranger()
  await page.goto('/messages')
  await expect(page).toHaveURL(/\/login\?back=(%2F|\/)messages$/)

  await page.getByLabel('手机号', { exact: true }).fill('12345')
  await page.getByRole('button', { name: '获取验证码' }).click()
  await expect(page.getByText('请输入 11 位手机号')).toBeVisible()
  await expect(page.getByLabel('手机号', { exact: true })).toBeFocused()

  const since = await askCode(lender.phone)
  await page.getByLabel('手机号', { exact: true }).fill(lender.phone)
  await page.getByRole('button', { name: '获取验证码' }).click()
  await expect(page.getByText(`验证码已发送至 ${lender.phone}`)).toBeVisible({ timeout: 30_000 })
  await expect(page.getByRole('button', { name: /\d+ 秒后可重新获取/ })).toBeDisabled()

  const code = await codeFor(lender.phone, since)
  const wrong = code === '000000' ? '111111' : '000000'
  await page.getByLabel('验证码', { exact: true }).fill(wrong)
  await page.getByRole('button', { name: '登录', exact: true }).click()
  await expect(page.getByRole('alert')).toContainText('验证码')
  await expect(page).toHaveURL(/\/login/)

  // A text pasted whole gives its six digits.
  await page.getByLabel('验证码', { exact: true }).fill(`您的登录验证码为 ${code}，5 分钟内有效。`)
  await expect(page.getByLabel('验证码', { exact: true })).toHaveValue(code)
  // Twice in a row is once.
  await page.getByRole('button', { name: '登录', exact: true }).dblclick()
  await expect(page).toHaveURL(/\/messages$/)
  await expect(page.getByRole('heading', { name: '消息' })).toBeVisible()
  await keepSession(page, lender)
})

test('who has several capacities chooses one first, and may change it', async ({ stranger }) => {
  const page = await stranger()
  await page.goto('/login')
  await logIn(page, { ...defendantAgent, role: '调解员' })
  await expect(page.getByText('调解员身份')).toBeVisible()
  await page.goto('/cases')
  await expect(page.getByText('民间借贷纠纷')).toBeVisible()
  await expect(page.getByText('买卖合同纠纷')).toHaveCount(0)

  await page.goto('/')
  await page.getByRole('link', { name: /切换身份/ }).click()
  await page.getByRole('button', { name: '代理人' }).click()
  await expect(page.getByText('代理人身份')).toBeVisible()
  await page.goto('/cases')
  await expect(page.getByText('买卖合同纠纷')).toBeVisible()
  await expect(page.getByText('民间借贷纠纷')).toHaveCount(0)
  await keepSession(page, defendantAgent)
})

test('after some requests from one address the page passes a human check by itself', async ({ stranger, request }) => {
  // Numbers that nobody has: the court answers as for any other.
  for (let i = 0; i < 4; i += 1) {
    const response = await request.post('/api/login/code', { data: { phone: `1660000000${i}` } })
    if (response.status() === 428) break
    expect(response.status()).toBe(202)
  }
  const page = await stranger()
  await page.goto('/login')
  const asked = page.waitForResponse((response) => response.url().endsWith('/api/login/code') && response.status() === 428)
  const passed = page.waitForResponse((response) => response.url().endsWith('/api/login/code') && response.status() === 202)
  await page.getByLabel('手机号', { exact: true }).fill('16600000009')
  await page.getByRole('button', { name: '获取验证码' }).click()
  expect(((await (await asked).json()) as { code: string }).code).toBe('human_check_required')
  await passed
  await expect(page.getByText('验证码已发送至 16600000009')).toBeVisible()
  // The number is nobody's: a guessed code says no more than a wrong one.
  await page.getByLabel('验证码', { exact: true }).fill('123456')
  await page.getByRole('button', { name: '登录', exact: true }).click()
  await expect(page.getByRole('alert')).toContainText('验证码')
})

test('a link from outside the app leads nowhere else after login', async ({ browser, stranger }) => {
  await sessionOf(browser, lender)
  const page = await stranger({ storageState: await sessionOf(browser, lender) })
  await page.goto('/login?back=//evil.example/')
  await expect(page).toHaveURL(`${process.env.WEITING_URL}/`)
})
