/** 迟延履行期间的债务利息. */
import { t } from '@/words'
import { reckonLate } from '../api'
import { day, yuan } from '../money'
import { type Field, type Tool, checked, given, rows, text, tool } from '../tool'

const money = (fen: number) => `${yuan(fen)} ${t('reckon.form.yuan')}`

export const late: Tool = tool({
  title: 'reckon.interest.late',
  about: 'reckon.interest.lateAbout',
  start: (today) => ({ debts: [{ amount: '', due: '' }], until: today, payments: [], stays: [], ordinary: '', from: '', order: 'debt_first' }),
  fields: (values) => {
    const fields: Field[] = [
      {
        key: 'debts', kind: 'rows', label: t('reckon.interest.debts'), add: t('reckon.interest.debt'),
        fields: () => [{ key: 'amount', kind: 'money', label: t('reckon.interest.amount') }, { key: 'due', kind: 'date', label: t('reckon.interest.due') }],
      },
      { key: 'until', kind: 'date', label: t('reckon.interest.until') },
      {
        key: 'payments', kind: 'rows', label: t('reckon.interest.payments'), add: t('reckon.interest.payment'), most: 60,
        fields: () => [{ key: 'on', kind: 'date', label: t('reckon.interest.on') }, { key: 'amount', kind: 'money', label: t('reckon.interest.amount') }],
      },
      {
        key: 'stays', kind: 'rows', label: t('reckon.interest.stays'), add: t('reckon.interest.stay'), more: true,
        fields: () => [
          { key: 'from', kind: 'date', label: t('reckon.interest.from') },
          { key: 'until', kind: 'date', label: t('reckon.interest.to') },
          { key: 'by_debtor', kind: 'check', label: t('reckon.interest.byDebtor') },
        ],
      },
      { key: 'ordinary', kind: 'percent', label: t('reckon.interest.ordinaryRate'), optional: true, more: true },
    ]
    if (text(values, 'ordinary')) fields.push({ key: 'from', kind: 'date', label: t('reckon.interest.ordinaryFrom'), more: true })
    fields.push({ key: 'order', kind: 'choice', label: t('reckon.interest.order'), options: ['debt_first', 'extra_first'].map((value) => ({ value, label: t(`reckon.interest.${value}`) })), more: true })
    return fields
  },
  ask: async (values) => {
    const rate = given(values, 'ordinary')
    const result = await reckonLate({
      debts: rows(values, 'debts').map((row) => ({ amount: text(row, 'amount'), due: text(row, 'due') })),
      until: text(values, 'until'),
      payments: rows(values, 'payments').map((row) => ({ on: text(row, 'on'), amount: text(row, 'amount') })),
      stays: rows(values, 'stays').map((row) => ({ from: text(row, 'from'), until: text(row, 'until'), by_debtor: checked(row, 'by_debtor') })),
      ordinary: rate ? { rate: { rate: `${rate}%` }, from: text(values, 'from') } : undefined,
      order: text(values, 'order') as 'debt_first',
    })
    return {
      label: t('reckon.interest.extra'),
      headline: money(result.extra),
      facts: [
        { label: t('reckon.interest.extraLeft'), value: money(result.extra_left), number: true },
        ...(result.ordinary ? [{ label: t('reckon.interest.ordinary'), value: money(result.ordinary), number: true }] : []),
        { label: t('reckon.interest.debtLeft'), value: money(result.debt_left), number: true },
        { label: t('reckon.interest.left'), value: money(result.left), number: true },
        ...(result.surplus ? [{ label: t('reckon.interest.surplus'), value: money(result.surplus), number: true }] : []),
      ],
      table: {
        caption: t('reckon.interest.rows'),
        columns: [{ label: t('reckon.interest.span') }, { label: t('reckon.interest.base'), number: true }, { label: t('reckon.interest.days'), number: true }, { label: t('reckon.interest.extra'), number: true }],
        rows: result.rows.map((row) => [`${day(row.from)} – ${day(row.until)}`, yuan(row.base), String(row.days), yuan(row.extra)]),
        foot: [t('reckon.interest.sumUp'), '', '', yuan(result.extra)],
      },
      reason: result.reason,
    }
  },
})
