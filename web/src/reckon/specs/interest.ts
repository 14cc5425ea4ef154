/** 约定利息: by contract, fixed or with the loan prime rate. */
import { t } from '@/words'
import { reckonInterest } from '../api'
import { day, yuan } from '../money'
import { type Field, type Tool, checked, text, tool } from '../tool'

const money = (fen: number) => `${yuan(fen)} ${t('reckon.form.yuan')}`

export const interest: Tool = tool({
  title: 'reckon.interest.simple',
  about: 'reckon.interest.simpleAbout',
  start: (today) => ({ amount: '', kind: 'fixed', rate: '', unit: 'year', times: '1', from: '', until: today, basis: '365', first: false }),
  fields: (values) => {
    const fixed: Field[] = [
      { key: 'rate', kind: 'percent', label: t('reckon.interest.rate') },
      { key: 'unit', kind: 'choice', label: t('reckon.interest.unit'), options: ['year', 'month', 'day'].map((value) => ({ value, label: t(`reckon.interest.${value}`) })) },
    ]
    return [
      { key: 'amount', kind: 'money', label: t('reckon.interest.sum') },
      { key: 'kind', kind: 'choice', label: t('reckon.interest.rateKind'), options: ['fixed', 'lpr'].map((value) => ({ value, label: t(`reckon.interest.${value}`) })) },
      ...(text(values, 'kind') === 'fixed' ? fixed : [{ key: 'times', kind: 'text', label: t('reckon.interest.times') } satisfies Field]),
      { key: 'from', kind: 'date', label: t('reckon.interest.from') },
      { key: 'until', kind: 'date', label: t('reckon.interest.until') },
      { key: 'basis', kind: 'choice', label: t('reckon.interest.basis'), options: [['365', 'b365'], ['360', 'b360'], ['actual', 'bActual']].map(([value, key]) => ({ value: value!, label: t(`reckon.interest.${key}`) })), more: true },
      { key: 'first', kind: 'check', label: t('reckon.interest.countFirst'), more: true },
    ]
  },
  ask: async (values) => {
    const result = await reckonInterest({
      amount: text(values, 'amount'),
      rate: text(values, 'kind') === 'fixed' ? { kind: 'fixed', rate: `${text(values, 'rate')}%`, unit: text(values, 'unit') as 'year' } : { kind: 'lpr', times: text(values, 'times') },
      from: text(values, 'from'),
      until: text(values, 'until'),
      basis: text(values, 'basis') as '365',
      count_first_day: checked(values, 'first'),
    })
    return {
      label: t('reckon.interest.interest'),
      headline: money(result.interest),
      facts: [
        { label: t('reckon.interest.days'), value: String(result.days), number: true },
        { label: t('reckon.interest.total'), value: money(result.total), number: true },
      ],
      table: {
        caption: t('reckon.interest.rows'),
        columns: [{ label: t('reckon.interest.span') }, { label: t('reckon.interest.days'), number: true }, { label: t('reckon.interest.rateUsed'), number: true }, { label: t('reckon.interest.interest'), number: true }],
        rows: result.rows.map((row) => [`${day(row.from)} – ${day(row.until)}`, String(row.days), row.rate, yuan(row.interest)]),
        foot: [t('reckon.interest.sumUp'), String(result.days), '', yuan(result.interest)],
      },
      reason: result.reason,
    }
  },
})
