export default {
  title: '计算工具',
  why: '为什么',
  only: '结果由本系统按现行规定计算，仅供参考；实际数额、日期以人民法院的通知和裁判为准。',
  chart: '柱形图：{title}。数据见下表。',
  steps: {
    input: '已知', rule: '规定', count: '计数', excluded: '扣除', roll_over: '顺延', arithmetic: '计算', limit: '限额', caution: '注意', result: '结果',
  },
  form: {
    ask: '计算', reset: '重置', more: '更多情形', yuan: '元', wait: '填写以后点“计算”，结果和依据显示在这里',
    missing: '还需要填写“{what}”。', add: '增加{what}', drop: '删除{what}',
    share: '分享', shared: '链接已复制，填写的内容在链接里', notShared: '没有复制成功，请从地址栏复制', print: '打印', calendar: '加入日历',
    calendarName: '期间届满',
  },
  fee: {
    case: '案件受理费', caseAbout: '计算起诉、上诉应当交纳的案件受理费。',
    application: '申请费', applicationAbout: '计算申请执行、保全、支付令、公示催告等应当交纳的费用。',
    change: '补交与退费', changeAbout: '请求变更、程序转换或者案件结束以后，还要补交多少，可以退还多少。',
    kind: '案件类型', what: '申请事项', amount: '金额', on: '法院受理日期', result: '应交纳',
    instance: '审级', first: '第一审', appeal: '上诉（按不服一审判决部分的请求）', retrial: '再审（需要交费的）',
    halving: '减半情形（只减半一次）', mediation: '以调解方式结案', withdrawal: '申请撤诉', summary: '适用简易程序', counterclaim: '被告反诉合并审理', third_party: '第三人提出独立请求合并审理',
    claims: '同一案件的其他请求', claim: '请求', relief: '司法救助', none: '没有', exempt: '免交', reduce: '减交', defer: '缓交', percent: '减交比例', natural: '申请人是自然人', wages: '追索劳动报酬（可以不预交）',
    currency: '以外币计算', currencyName: '外币名称', rate: '一单位外币折合人民币（元）', full: '减免前', halved: '减半', payer: '预交', bearer: '最终负担',
    event: '发生了什么', changed: '变更诉讼请求数额', to_ordinary: '简易程序转为普通程序', order_to_suit: '支付令失效后转入诉讼', refund: '退费',
    before: '原来的请求金额', after: '变更后的请求金额', when: '变更的时间', before_end_of_investigation: '法庭调查终结前', after_end_of_investigation: '法庭调查终结后', wasSummary: '原来适用简易程序，已减半',
    orderAmount: '请求金额', paid: '已交纳的金额', wasHalved: '已交纳的是减半后的数额', reason: '退费的原因',
    events: {
      not_accepted: '裁定不予受理、驳回起诉', not_accepted_upheld: '二审维持不予受理、驳回起诉', remanded: '二审发回重审（退上诉费）', crime: '因涉嫌犯罪移送侦查机关', crime_continues: '移送后民事案件继续审理', suspended: '中止诉讼',
      ended: '终结诉讼', transferred: '移送其他法院', withdrawn: '申请撤诉', mediated: '调解结案', top_up_unpaid: '转普通程序后没有补交', won: '胜诉方已预交',
    },
    pay: '应补交', refundable: '应退还',
  },
  interest: {
    late: '迟延履行利息', lateAbout: '判决、调解书指定的期间届满后没有付钱，计算加倍部分债务利息。',
    debts: '判决确定的金额（不含一般债务利息）', debt: '债务', amount: '金额', due: '履行期间届满日', until: '计算到哪一天', payments: '已经收到的还款', payment: '还款', on: '日期', stays: '暂缓、中止执行的期间', stay: '期间', from: '开始日', to: '结束日', byDebtor: '因被执行人申请',
    ordinaryRate: '判决确定的一般债务利息（年利率）', ordinaryFrom: '一般债务利息起算日', order: '清偿顺序', debt_first: '先清偿本金和一般利息（法律规定）', extra_first: '先清偿加倍部分（双方约定）',
    extra: '加倍部分债务利息', extraLeft: '其中未付', ordinary: '一般债务利息', debtLeft: '未付的判决金额', left: '合计仍欠', surplus: '多付', rows: '分段计算', span: '期间', base: '基数', days: '天数', excludedDays: '扣除',
    lending: '民间借贷利息', lendingAbout: '按合同成立时一年期 LPR 的四倍，计算法院支持的利息。',
    lent: '借款金额', deducted: '预先扣除的利息', formed: '合同成立日期', lentOn: '实际出借日期', dueOn: '约定还款日期', filed: '起诉日期', persons: '双方都是自然人', agreed: '约定的利息', agreedNone: '没有约定', agreedUnclear: '约定不明', agreedRate: '约定了利率', rate: '利率', unit: '利率单位', year: '年利率', month: '月利率', day: '日利率',
    overdueRate: '约定的逾期利率（年）', penalty: '违约金', charges: '其他费用', oldRules: '2020年8月19日以前按当时的规定计算', repayments: '已经还款', repayment: '还款',
    principal: '计算利息的本金', within: '期内利息', overdue: '逾期利息', upheld: '支持的违约金等', refused: '不支持的部分', principalLeft: '未还本金', interestLeft: '未付利息', owed: '合计应还', rateUsed: '年利率',
    simple: '约定利息', simpleAbout: '按合同约定的利率，或者随 LPR 浮动，计算一段时间的利息。',
    sum: '本金', rateKind: '利率种类', fixed: '固定利率', lpr: '随一年期 LPR 浮动', times: 'LPR 的倍数', basis: '一年按', b360: '360 天', b365: '365 天', bActual: '实际天数', countFirst: '首日计入（按约定）', interest: '利息', total: '本息合计', interestRow: '利息',
    schedule: '分期还款', scheduleAbout: '计算每一期应还的本金和利息。', months: '期数（月）', start: '借款日期', method: '还款方式', equal_instalment: '等额本息', equal_principal: '等额本金', interest_first: '先息后本', number: '期', dueDate: '还款日', part: '本金', rest: '剩余本金', sumUp: '合计', chartTitle: '每期应还',
  },
  period: {
    title: '期间计算', about: '从送达、立案等事件，计算期间的最后一天。', rule: '什么期间', variant: '情形', start: '开始的日期', startAt: '开始的时刻', length: '法院指定的期间', lengthHint: '例如 {length}，以法院通知为准', pauses: '不计入的时间', pause: '一段时间', kind: '原因', extension: '准许延长', extensionHint: '填写延长的时间（如 10日）或者延长到的日期（如 2025-04-20）', recipients: '分别送达的人', recipientsHint: '每个人的期间从各自收到之日起算，可以不填', recipient: '受送达人', name: '称呼', received: '收到日期',
    last: '最后一天', at: '届满时刻', event: '起算事件', who: '期间', first: '第一天', counted: '按天数数到', before: '之前的工作日', provisional: '该年度的放假安排尚未公布或收录，最后一天可能变动。', allEnded: '全部届满', effective: '没有人上诉的，生效日', each: '每个人的最后一天', byPost: '在最后一天以前交邮的，不算逾期。',
  },
  numbers: {
    title: '号码核对', about: '核对案号、身份证号、统一社会信用代码的写法和校验位。内容只用于核对，不保存。', kind: '号码种类', case: '案号', id: '居民身份证号', uscc: '统一社会信用代码', typed: '号码', caseHint: '例如 （2026）沪0113民初10241号', ok: '写法正确', doubtful: '请再核对', basis: '依据', result: '核对结果',
  },
  causes: {
    title: '案由查询', search: '词语或拼音首字母，例如 民间借贷 或 mjjd', lead: '按《民事案件案由规定》查找案由，可以输入词语或者拼音首字母。', count: '找到 {n} 个案由', more: '结果较多，只显示前 {n} 个，请多输入几个字。', none: '没有找到相符的案由', noneText: '请换一个词语试试。', top: '全部案由', open: '展开', under: '下级案由', up: '上一级',
  },
  rules: {
    title: '规则一览', lead: '各项计算所依据的规定和适用的日期。', search: '查找规则', count: '共 {n} 条规则', none: '没有相符的规则', from: '{from}起适用', until: '{from}起适用，{to}起不再适用',
    subjects: { period: '期间', holiday: '节假日', counting: '期间的计算', pause: '不计入的时间', fee: '诉讼费用', interest: '利息', identifier: '号码', risk: '风险评估', cause: '案由' },
  },
  risk: {
    title: '风险评估', lead: '选择纠纷类型，回答几个问题，看看起诉可能遇到的风险和建议。不用登录，内容不保存。', kinds: '纠纷类型', start: '开始评估', progress: '第 {n} 题，大约共 {all} 题', back: '上一题', next: '下一题', again: '重新评估', report: '评估报告', index: '风险指数', download: '下载 PDF', downloading: '正在生成', only: '评估结果仅供参考，不代表人民法院的意见，也不构成法律意见。', answers: '您的回答', change: '修改', fee: '诉讼费用', pdfName: '风险评估报告',
  },
}
