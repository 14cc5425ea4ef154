/** 分期还款: a table, and the same as bars. */
import { t } from '@/words'
import { reckonSchedule } from '../api'
import { yuan } from '../money'
import { type Tool, text, tool } from '../tool'

const money = (fen: number) => `${yuan(fen)} ${t('reckon.form.yuan')}`

export const schedule: Tool = tool({
  title: 'reckon.interest.schedule',
  about: 'reckon.interest.scheduleAbout',
  start: (today) => ({ amount: '', rate: '', months: '12', start: today, method: 'equal_instalment' }),
  fields: () => [
    { key: 'amount', kind: 'money', label: t('reckon.interest.sum') },
    { key: 'rate', kind: 'percent', label: t('reckon.interest.year') },
    { key: 'months', kind: 'number', label: t('reckon.interest.months') },
    { key: 'start', kind: 'date', label: t('reckon.interest.start') },
    { key: 'method', kind: 'choice', label: t('reckon.interest.method'), options: ['equal_instalment', 'equal_principal', 'interest_first'].map((value) => ({ value, label: t(`reckon.interest.${value}`) })) },
  ],
  ask: async (values) => {
    const months = Number(text(values, 'months'))
    const result = await reckonSchedule({
      amount: text(values, 'amount'),
      rate: { rate: `${text(values, 'rate')}%` },
      // What is no number is out of every range, and the answer says which numbers are not.
      months: Number.isSafeInteger(months) ? months : 0,
      start: text(values, 'start'),
      method: text(values, 'method') as 'equal_instalment',
    })
    return {
      label: t('reckon.interest.total'),
      headline: money(result.total),
      facts: [
        { label: t('reckon.interest.sum'), value: money(result.principal), number: true },
        { label: t('reckon.interest.interest'), value: money(result.interest), number: true },
      ],
      chart: {
        title: t('reckon.interest.chartTitle'),
        names: [t('reckon.interest.part'), t('reckon.interest.interest')],
        bars: result.rows.map((row) => ({ label: String(row.number), values: [row.principal, row.interest] })),
      },
      table: {
        caption: t('reckon.interest.schedule'),
        columns: [
          { label: t('reckon.interest.number'), whole: true },
          { label: t('reckon.interest.dueDate'), whole: true },
          { label: t('reckon.interest.part'), number: true },
          { label: t('reckon.interest.interest'), number: true },
          { label: t('reckon.interest.total'), number: true },
          { label: t('reckon.interest.rest'), number: true },
        ],
        rows: result.rows.map((row) => [String(row.number), row.due, yuan(row.principal), yuan(row.interest), yuan(row.total), yuan(row.left)]),
        foot: [t('reckon.interest.sumUp'), '', yuan(result.principal), yuan(result.interest), yuan(result.total), ''],
      },
      reason: result.reason,
    }
  },
})
