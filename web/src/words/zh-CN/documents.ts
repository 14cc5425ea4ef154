export default {
  title: '我的文书',
  search: '搜索案号、当事人、文书名称',
  none: '还没有文书',
  noneText: '笔录签章归档后会送到这里。',
  noMatch: '没有找到相符的文书',
  open: '打开{title}',
  pages: '{n} 页',
  at: '{time} 送达',
  proof: '存证编号 {leaf}',
  more: '更多',
}
