import { addWords } from '@/words/late'
import tools from '@/words/zh-CN/tools'

addWords({ tools })
