export default {
  inspector: { label: '案件资料', members: '成员', evidence: '证据', matters: '事项', transcript: '笔录' },
  evidence: {
    none: '还没有照片、视频或者文档',
    noneSoFar: '最近的消息中没有照片、视频或者文档',
    earlier: '查找更早的文件',
    all: '已列出全部文件，共 {n} 件',
    since: '已列出第 {n} 条以后的文件',
    open: '查看{name}',
    kind: { photo: '照片', video: '视频', document: '文档' },
  },
  active: '在办 {n} 件',
  shortcuts: {
    open: '键盘快捷键',
    title: '键盘快捷键',
    text: '输入文字时不起作用。',
    on: '使用快捷键',
    does: {
      next: '下一个微法庭',
      previous: '上一个微法庭',
      search: '搜索微法庭',
      compose: '输入消息',
      members: '成员',
      evidence: '证据',
      help: '显示本说明',
      leave: '离开输入框',
    },
  },
}
